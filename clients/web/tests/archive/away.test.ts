// @vitest-environment jsdom
/** While the hub does not answer, the page of a running meeting stands still and says as of when. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'

import { makeI18n } from '@/i18n'
import MeetingHead from '@/pages/archive/MeetingHead.vue'
import { type RecordOfMeeting, useRecord } from '@/pages/archive/useRecord'
import { clockText } from '@/parts/now'
import { Api } from '@/protocol/api'
import type { Snapshot } from '@/protocol/types'

import { OPENED, SNAPSHOT } from './record'

const START = Date.parse(OPENED)

beforeEach(() => {
  vi.useFakeTimers({ now: START + 60_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

function page(snapshot: Partial<Snapshot> = {}) {
  const hub = { there: true }
  const open = { ...SNAPSHOT, state: 'open', ended_at: null, ...snapshot }
  const api = new Api((path) => {
    if (!hub.there) return Promise.reject(new TypeError('no line'))
    const body = path.includes('/entries') ? { entries: [], seq: 0 } : path.includes('/recordings') ? { recordings: [] } : open
    return Promise.resolve(new Response(JSON.stringify(body), { status: 200 }))
  })
  let record: RecordOfMeeting | undefined
  const wrapper = mount(
    {
      setup() {
        const read = (record = useRecord(api, 'm_1'))
        return () =>
          read.snapshot.value && h(MeetingHead, { snapshot: read.snapshot.value, lengthMs: read.lengthMs.value, positionMs: 0, asOf: read.asOf.value })
      },
    },
    { global: { plugins: [makeI18n()], stubs: { RouterLink: true } } },
  )
  return { hub, wrapper, record: () => record as RecordOfMeeting }
}
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms)
}

describe('a running meeting in the archive', () => {
  it('counts on while the hub answers, stands still while it does not, and goes on when it is back', async () => {
    const { hub, wrapper, record } = page()
    await pass(2_000)
    expect(record().lengthMs.value).toBe(62_000)
    expect(wrapper.find('[data-testid="as-of"]').exists()).toBe(false)
    hub.there = false
    await pass(10_000)
    const { value } = record().lengthMs
    await pass(60_000)
    expect(record().lengthMs.value).toBe(value)
    expect(wrapper.get('[data-testid="as-of"]').text()).toBe(`截至 ${clockText(START + value)}`)
    hub.there = true
    await pass(6_000)
    expect(wrapper.find('[data-testid="as-of"]').exists()).toBe(false)
    expect(record().lengthMs.value).toBeGreaterThan(value + 60_000)
    wrapper.unmount()
  })

  it('says when its recording does not record', async () => {
    const { wrapper } = page({ recording_state: 'failed', recording_reason: 'disk_full' })
    await pass(100)
    expect(wrapper.get('[data-testid="archive-unrecorded"]').text()).toBe('录像失败：存储空间已满')
    wrapper.unmount()
  })
})
