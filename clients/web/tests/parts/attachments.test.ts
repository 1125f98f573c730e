// @vitest-environment jsdom
/** Choosing photos: what is said of each, and what a command names. */
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'

import { makeI18n } from '@/i18n'
import AttachmentList from '@/parts/attachments/AttachmentList.vue'
import AttachmentPicker from '@/parts/attachments/AttachmentPicker.vue'
import { type Attachments, MOST, useAttachments } from '@/parts/attachments/useAttachments'

import { FakeUploads } from '../support/fakeUploads'

const plugins = [makeI18n()]
const photo = (name = '水位.jpg') => new File(['x'.repeat(2000)], name, { type: 'image/jpeg' })

function picker(hub: FakeUploads) {
  let made: Attachments | undefined
  const page = defineComponent({
    setup() {
      const attachments = (made = useAttachments(hub.door, [3_600_000]))
      return () => h(AttachmentPicker, { attachments, testid: 'pick' })
    },
  })
  const shown = mount(page, { global: { plugins } })
  const words = () => shown.findAll('.word').map((one) => one.text())
  return { shown, words, attachments: made as Attachments }
}

describe('the picker', () => {
  it('says how far a file is, then that it is there; only then is it named', async () => {
    const hub = new FakeUploads()
    let go = (): void => undefined
    hub.hold = new Promise((resolve) => (go = resolve))
    const { words, attachments } = picker(hub)
    attachments.add([photo()])
    await expect.poll(words).toEqual(['正在上传 50%（共 2 KB）'])
    expect(attachments.unready.value).toBe(true)
    expect(attachments.named()).toEqual([])
    go()
    await expect.poll(words).toEqual(['已上传 2 KB'])
    expect(attachments.unready.value).toBe(false)
    expect(attachments.named()).toEqual([{ object: '5c'.repeat(32), bytes: 2000, type: 'image/jpeg', name: '水位.jpg' }])
  })

  it('says that it waits for the line, and goes on when the line or the person says so', async () => {
    for (const way of ['key', 'line']) {
      const hub = new FakeUploads()
      hub.cuts = [500]
      const { shown, words, attachments } = picker(hub)
      attachments.add([photo()])
      await expect.poll(words).toEqual(['网络中断，停在 50%，恢复后自动继续'])
      if (way === 'key') await shown.find('[data-testid="pick-retry"]').trigger('click')
      else window.dispatchEvent(new Event('online'))
      await expect.poll(words).toEqual(['已上传 2 KB'])
      shown.unmount()
    }
  })

  it('says why a file was refused, and tries it anew at a word', async () => {
    const hub = new FakeUploads()
    hub.instead = [{ method: 'POST', status: 415, code: 'unsupported_media' }]
    const { shown, words, attachments } = picker(hub)
    attachments.add([photo('a.exe')])
    await expect.poll(words).toEqual(['不能上传这种文件'])
    await shown.find('[data-testid="pick-retry"]').trigger('click')
    await expect.poll(words).toEqual(['已上传 2 KB'])
  })

  it('lets go of a file, and of all that is not sent when the page goes', async () => {
    const hub = new FakeUploads()
    hub.hold = new Promise(() => undefined)
    const { shown, attachments } = picker(hub)
    attachments.add([photo(), photo('b.jpg')])
    await expect.poll(() => hub.kept.size).toBe(2)
    await shown.find('[data-testid="pick-remove"]').trigger('click')
    await expect.poll(() => hub.kept.size).toBe(1)
    expect(attachments.files.value.map((one) => one.name)).toEqual(['b.jpg'])
    shown.unmount()
    await expect.poll(() => hub.kept.size).toBe(0)
  })

  it('takes as many as the hub does', () => {
    const { shown, attachments } = picker(new FakeUploads())
    attachments.add(Array.from({ length: MOST + 2 }, (_, at) => photo(`${String(at)}.jpg`)))
    expect(attachments.files.value).toHaveLength(MOST)
    expect(attachments.full.value).toBe(true)
    shown.unmount()
  })
})

describe('the list', () => {
  const list = (attachments?: { object: string; name: string; type: string; bytes: number }[]) =>
    mount(AttachmentList, { props: { attachments }, global: { plugins } })

  it('shows pictures and names files', () => {
    const object = 'ab'.repeat(32)
    const shown = list([
      { object, name: '水位.jpg', type: 'image/jpeg', bytes: 2_481_033 },
      { object: 'cd'.repeat(32), name: '名单.xlsx', type: 'application/zip', bytes: 900 },
    ])
    expect(shown.find('img').attributes('src')).toBe(`/api/v1/objects/${object}?name=${encodeURIComponent('水位.jpg')}`)
    expect(shown.find('img').attributes('alt')).toBe('水位.jpg')
    expect(shown.find('.file').text()).toBe('名单.xlsx 900 B')
    expect(shown.findAll('a').every((one) => one.attributes('rel') === 'noopener')).toBe(true)
  })

  it('is nothing where nothing is attached', () => {
    expect(list().html()).toBe('<!--v-if-->')
    expect(list([]).html()).toBe('<!--v-if-->')
  })
})
