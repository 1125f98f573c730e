// @vitest-environment jsdom
/** What cannot be taken back asks once, single keys never type or command by accident, and it is said who is addressed. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import ConfirmDialog from '@/parts/ConfirmDialog.vue'
import { clashes } from '@/pages/console/convening'
import LogPanel from '@/pages/console/LogPanel.vue'
import type { Draft } from '@/features/orders/draft'
import OrderPanel from '@/features/orders/OrderPanel.vue'
import { leavesField } from '@/pages/console/ownShortcuts'
import { meaning } from '@/pages/console/shortcuts'
import type { TargetChoice } from '@/features/contract'
import TopBar from '@/shell/TopBar.vue'
import WordsPanel from '@/parts/WordsPanel.vue'
import type { Answer, Summary } from '@/protocol/types'

import { COUNTY, entry, LEADER, snapshot, TOWN, VILLAGE } from '../support/examples'

const plugins = [makeI18n()]
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })
const village = { code: VILLAGE, name: '坦渡村' }
const town = { code: TOWN, name: '坦渡镇' }
const many = Array.from({ length: 14 }, (_, at) => ({ code: `4306821152${String(10 + at)}`, name: `村${String(at)}` }))

beforeEach(() => {
  // jsdom has a dialog without its methods
  HTMLDialogElement.prototype.showModal = function show() {
    this.setAttribute('open', '')
  }
  HTMLDialogElement.prototype.close = function close() {
    this.removeAttribute('open')
  }
})
afterEach(() => {
  document.body.innerHTML = ''
})

function choices(stage: TargetChoice['centers'], arrived: TargetChoice['centers'] = [village, town]): TargetChoice[] {
  return [
    { id: 'stage', centers: stage },
    { id: 'selected', centers: [] },
    { id: 'arrived', centers: arrived },
    { id: 'ticked', centers: [] },
  ]
}
type Panel = VueWrapper<InstanceType<typeof OrderPanel>>
function panel(given = choices([village])): Panel {
  return mount(OrderPanel, {
    props: { actions: silent, orders: [], choices: given, now: 0, stale: false },
    global: { plugins, stubs: { DuePicker: true } },
    attachTo: document.body,
  }) as unknown as Panel
}
const sentence = (wrapper: Panel): string => wrapper.get('[data-testid="order-to"]').text().replace(/[×\s]+/g, '')
async function write(wrapper: Panel, text: string): Promise<void> {
  await wrapper.get('[data-testid="order-text"]').setValue(text)
  await wrapper.get('[data-testid="order-text"]').trigger('keydown', { key: 'Enter' })
  await flushPromises()
}
const sent = (wrapper: Panel): Draft[] => (wrapper.emitted('send') ?? []).map(([draft]) => draft as Draft)

describe('whom an order is for', () => {
  it('is said in one sentence: the stage, until something else is chosen', async () => {
    const wrapper = panel()
    expect(sentence(wrapper)).toBe('下达给：坦渡村（主画面）')
    await wrapper.setProps({ choices: choices([town]) })
    expect(sentence(wrapper)).toBe('下达给：坦渡镇（主画面）')
    await wrapper.get('[data-testid="order-to-arrived"]').trigger('click')
    expect(sentence(wrapper)).toBe('下达给：全部2个到会中心')
  })

  it('stands still while somebody writes, whatever comes on the stage', async () => {
    const wrapper = panel()
    await wrapper.vm.open()
    await wrapper.get('[data-testid="order-text"]').setValue('转移')
    await wrapper.setProps({ choices: choices([town]) })
    expect(sentence(wrapper)).toBe('下达给：坦渡村（主画面）')
  })

  it('is never changed by the key that begins an order', async () => {
    const wrapper = panel()
    await wrapper.get('[data-testid="order-to-arrived"]').trigger('click')
    await wrapper.vm.open()
    expect(sentence(wrapper)).toBe('下达给：全部2个到会中心')
    await write(wrapper, '加强巡查')
    expect(sent(wrapper)[0]?.targets).toEqual([village, town])
  })

  it('is the stage again after an order went to others', async () => {
    const wrapper = panel()
    await wrapper.vm.open([town])
    await write(wrapper, '加强巡查')
    expect(sent(wrapper)[0]?.targets).toEqual([town])
    expect(sentence(wrapper)).toBe('下达给：坦渡村（主画面）')
  })

  it('is whoever comes on the stage first, where nobody is, and never all by itself', async () => {
    const wrapper = panel(choices([]))
    await wrapper.vm.open()
    expect(sentence(wrapper)).toBe('下达给：还没有选对象')
    await wrapper.setProps({ choices: choices([village]) })
    await wrapper.setProps({ choices: choices([town]) })
    expect(sentence(wrapper)).toBe('下达给：坦渡村（主画面）')
  })
})

describe('an order', () => {
  it('leaves the box when it is sent, so that the next key is a command', async () => {
    const wrapper = panel()
    await wrapper.vm.open()
    await write(wrapper, '加强巡查')
    expect(document.activeElement).toBe(wrapper.get('[data-testid="order-list"]').element)
    const key = new KeyboardEvent('keydown', { key: 'b', bubbles: true })
    document.activeElement?.dispatchEvent(key)
    expect(wrapper.get<HTMLTextAreaElement>('[data-testid="order-text"]').element.value).toBe('')
    expect(meaning(key)?.does).toBe('broadcast')
  })

  it.each([
    ['to more than ten centers', many, 'normal'],
    ['that is critical', [village], 'critical'],
  ] as const)('%s asks once, and names the consequence', async (_, targets, priority) => {
    const wrapper = panel()
    await wrapper.vm.open(targets.map((one) => ({ ...one })))
    await wrapper.get(`[data-testid="order-priority-${priority}"]`).setValue(true)
    await write(wrapper, '立即转移')
    expect(sent(wrapper)).toEqual([])
    const asked = wrapper.get('[data-testid="order-ask"]')
    expect(asked.text()).toContain(`向 ${String(targets.length)} 个中心下达指令？`)
    expect(asked.text()).toContain('只能更正或撤回')
    await wrapper.get('[data-testid="order-ask-keep"]').trigger('click')
    expect(wrapper.get<HTMLTextAreaElement>('[data-testid="order-text"]').element.value).toBe('立即转移')
    await wrapper.get('[data-testid="order-text"]').trigger('keydown', { key: 'Enter' })
    await wrapper.get('[data-testid="order-ask-confirm"]').trigger('click')
    expect(sent(wrapper)).toHaveLength(1)
  })

  it('to ten centers that is not critical does not', async () => {
    const wrapper = panel()
    await wrapper.vm.open(many.slice(0, 10))
    await write(wrapper, '立即转移')
    expect(sent(wrapper)).toHaveLength(1)
  })

  it('that waits for the hub does not call itself issued', async () => {
    const wrapper = panel()
    await wrapper.setProps({ stale: true })
    await wrapper.vm.open()
    await write(wrapper, '加强巡查')
    expect(wrapper.get('[data-testid="order-pending"]').text()).toContain('待发')
  })
})

describe('a decision', () => {
  it('leaves its box when it is recorded', async () => {
    const wrapper = mount(WordsPanel, {
      props: { kind: 'decision', words: 'decisions.panel', actions: silent, items: [], longest: 4000 },
      global: { plugins },
      attachTo: document.body,
    })
    await wrapper.vm.open()
    const box = wrapper.get('[data-testid="decision-text"]')
    await box.setValue('启动三级响应')
    await box.trigger('keydown', { key: 'Enter' })
    await nextTick()
    expect(document.activeElement).not.toBe(box.element)
  })
})

describe('a question', () => {
  it('begins at the safe answer, and a key still held from before is no answer', () => {
    const wrapper = mount(ConfirmDialog, {
      props: { testid: 'ask', title: '停止录像？', consequences: ['不再保存'], confirm: '停止', keep: '继续录像' },
      global: { plugins },
      attachTo: document.body,
    })
    expect(wrapper.get('[autofocus]').text()).toBe('继续录像')
    const held = new KeyboardEvent('keydown', { key: 'Enter', repeat: true, bubbles: true, cancelable: true })
    wrapper.get('[data-testid="ask-confirm"]').element.dispatchEvent(held)
    expect(held.defaultPrevented).toBe(true)
  })
})

describe('Esc', () => {
  it('in a field leaves the field and does nothing else', () => {
    document.body.innerHTML = '<textarea>half written</textarea>'
    const field = document.querySelector('textarea') as HTMLTextAreaElement
    field.focus()
    const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
    let left = false
    window.addEventListener('keydown', (each) => (left = leavesField(each)), { once: true })
    field.dispatchEvent(event)
    expect(left).toBe(true)
    expect(document.activeElement).toBe(document.body)
    expect(field.value).toBe('half written')
  })

  it('outside of one means: one step back', () => {
    const event = new KeyboardEvent('keydown', { key: 'Escape' })
    expect(leavesField(event)).toBe(false)
    expect(meaning(event)?.does).toBe('back')
  })

  it('closes the menu of the account, and a press beside it does, too', async () => {
    const wrapper = mount(TopBar, {
      props: { account: LEADER, title: 't', now: 0, clock: 0, asOf: undefined, connection: 'online', pending: 0, figures: [] },
      global: { plugins, stubs: { RouterLink: true } },
      attachTo: document.body,
    })
    const menu = wrapper.get<HTMLDetailsElement>('[data-testid="menu"]').element
    for (const close of [
      () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })),
      () => document.body.dispatchEvent(new Event('pointerdown', { bubbles: true })),
    ]) {
      menu.open = true
      close()
      expect(menu.open).toBe(false)
    }
    await nextTick()
  })
})

describe('convening', () => {
  const meeting = (id: string, centers: string[], state: Summary['state'] = 'open'): Summary => ({ ...snapshot(), id, centers, state, hits: [] }) as unknown as Summary

  it('knows which centers other meetings have already', () => {
    const found = clashes([meeting('m_1', [COUNTY]), meeting('m_2', [VILLAGE, TOWN]), meeting('m_3', [VILLAGE], 'ended')], new Set([VILLAGE, TOWN, COUNTY]))
    expect(found.map((one) => [one.meeting.id, one.centers])).toEqual([
      ['m_2', [VILLAGE, TOWN]],
      ['m_1', [COUNTY]],
    ])
    expect(clashes([meeting('m_1', [COUNTY])], new Set([VILLAGE]))).toEqual([])
  })
})

describe('the record beside the meeting', () => {
  it('leaves out the parts of the recording until somebody asks for them', async () => {
    vi.useRealTimers()
    const part = { recording: 'r_1', part: 'p_1', participant: 'a_village', center: VILLAGE, name: '坦渡村', file: 'f', tracks: [] }
    const log = [
      entry(1, 'meeting.joined', { participant: { id: 'a_village' } } as never),
      entry(2, 'recording.part_opened', part as never),
      entry(3, 'recording.part_closed', { recording: 'r_1', part: 'p_1', duration_ms: 1, bytes: 1, sha256: '' } as never),
    ]
    const wrapper = mount(LogPanel, { props: { view: { meeting: snapshot({ seq: 3 }), log, older: undefined, recording: 'r_1' } }, global: { plugins } })
    const kinds = (): (string | undefined)[] => wrapper.findAll('[data-kind]').map((one) => one.attributes('data-kind'))
    expect(kinds()).toEqual(['meeting.joined'])
    await wrapper.get('[data-testid="log-parts"]').trigger('click')
    expect(kinds()).toHaveLength(3)
  })
})
