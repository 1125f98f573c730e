// @vitest-environment jsdom
/** What the console says of the hub and of the recording is so now, or it says as of when it was. */
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { makeI18n } from '@/i18n'
import { troubles } from '@/state/hubTrouble'
import LinesPanel from '@/pages/console/LinesPanel.vue'
import TopBar from '@/shell/TopBar.vue'
import { clockText } from '@/parts/now'
import type { HubEvent } from '@/protocol/types'
import type { RecordingTold } from '@/state/meetingRoom'
import { ownLine } from '@/state/ownLine'

import { LEADER } from '../support/examples'

const plugins = [makeI18n()]
const AT = Date.parse('2026-11-23T08:12:47Z')
const WELL: HubEvent = { journal: true, node: true, recorder: true, recording: true, low_on_space: [], recording_room: 'enough', spread_ms: 0 }

function bar(truth: RecordingTold | undefined, asOf?: number, now = AT) {
  return mount(TopBar, {
    props: {
      account: LEADER,
      title: '防汛调度',
      now,
      clock: AT + 60_000,
      asOf,
      connection: asOf === undefined ? 'online' : 'reconnecting',
      pending: 0,
      figures: [],
      meeting: { openedAt: '2026-11-23T08:00:00Z', recording: true, truth, figures: [], badLines: 0, weakLines: 0 },
    },
    global: { plugins, stubs: { RouterLink: true } },
  })
}
const lamp = (wrapper: ReturnType<typeof bar>) => wrapper.get('[data-testid="rec-lamp"]')

describe('the lamp of the recording', () => {
  it('is on while the hub says that it records', () => {
    expect(lamp(bar({ state: 'recording', reason: null })).attributes('data-on')).toBe('true')
    expect(lamp(bar({ state: 'recording', reason: null })).text()).toContain('录像中')
  })

  it.each([
    [{ state: 'failed', reason: 'disk_full' }, '录像失败 · 盘满'],
    [{ state: 'waiting', reason: 'no_recorder' }, '录像中断 · 服务不在'],
    [{ state: 'waiting', reason: 'not_fed' }, '录像中断 · 无信号'],
  ] as const)('says in words that nothing is kept: %j', (truth, words) => {
    const wrapper = bar(truth)
    expect(lamp(wrapper).attributes('data-on')).toBe('false')
    expect(lamp(wrapper).text()).toContain(words)
  })

  it('that only begins is no alarm yet, and not on either', () => {
    const wrapper = bar({ state: 'waiting', reason: null })
    expect(lamp(wrapper).attributes('data-state')).toBe('starting')
    expect(troubles({ asOf: undefined, hub: WELL, recording: true, truth: { state: 'waiting', reason: null } })).toEqual([])
  })

  it('says nothing about now while the hub is away, and the duration stands still', () => {
    const wrapper = bar({ state: 'recording', reason: null }, AT)
    expect(lamp(wrapper).attributes('data-state')).toBe('unknown')
    expect(wrapper.get('[data-testid="meeting-duration"]').text()).toBe('00:12:47')
    expect(wrapper.get('[data-testid="as-of"]').text()).toBe(`截至 ${clockText(AT)}`)
    expect(wrapper.get('[data-testid="lines-open"]').text()).toContain('不明')
    expect(wrapper.text()).not.toContain('良好')
  })
})

describe('the panel of lines', () => {
  it('says that all are good only while it knows', () => {
    const panel = mount(LinesPanel, { props: { lines: [], people: 3, now: AT, asOf: AT, own: ownLine(), relayed: [] }, global: { plugins } })
    expect(panel.find('[data-testid="lines-none"]').exists()).toBe(false)
    expect(panel.get('[data-testid="lines-unknown"]').text()).toContain('不明')
  })
})

describe('what is wrong with the hub', () => {
  const said = (...conditions: Parameters<typeof troubles>): string[] => {
    const { t } = makeI18n().global
    return troubles(...conditions).map((one) => t(one.says, { reason: one.reason === undefined ? '' : t(`common.recording.reason.${one.reason}`), time: one.at === undefined ? '' : clockText(one.at) }))
  }

  it('is nothing while all is well', () => {
    expect(said({ asOf: undefined, hub: WELL, recording: true, truth: { state: 'recording', reason: null } })).toEqual([])
  })

  it('is that orders cannot be issued while the journal cannot be written', () => {
    const found = { asOf: undefined, hub: { ...WELL, journal: false }, recording: false, truth: undefined }
    expect(said(found).join()).toContain('台账无法写入，指令暂不能下达')
    expect(troubles(found)[0]?.critical).toBe(true)
  })

  it('says why a recording does not record, of a recording that runs only', () => {
    const failed = { state: 'failed', reason: 'disk_full' } as const
    expect(said({ asOf: undefined, hub: WELL, recording: true, truth: failed }).join()).toContain('录像失败：存储空间已满')
    expect(said({ asOf: undefined, hub: WELL, recording: false, truth: failed })).toEqual([])
  })

  it('while the hub is away is that, and as of when, and nothing else', () => {
    const found = said({ asOf: AT, hub: { ...WELL, journal: false }, recording: true, truth: undefined })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`截至 ${clockText(AT)}`)
  })

  it('names the disk on which little room is left', () => {
    expect(said({ asOf: undefined, hub: { ...WELL, low_on_space: ['recordings'] }, recording: false, truth: undefined }).join()).toContain('录像盘空间不足')
  })

  it('says that no new recording begins before nothing is written any more, and once', () => {
    const none = said({ asOf: undefined, hub: { ...WELL, recording_room: 'none' }, recording: true, truth: undefined })
    expect(none.join()).toContain('不再开始新的录像')
    const full = said({ asOf: undefined, hub: { ...WELL, recording_room: 'none', low_on_space: ['recordings'] }, recording: true, truth: undefined })
    expect(full).toHaveLength(1)
    expect(said({ asOf: undefined, hub: { ...WELL, recording_room: 'short' }, recording: true, truth: undefined }).join()).toContain('剩余空间不多')
  })

  it('says of a slow disk that what comes waits', () => {
    const slow = said({ asOf: undefined, hub: WELL, recording: true, truth: { state: 'waiting', reason: 'disk_slow' } })
    expect(slow.join()).toContain('暂存在内存中')
  })
})
