// @vitest-environment jsdom
/** What the station's head, ring and notices say. */
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { createMemoryHistory } from 'vue-router'

import SignInPane from '@/features/convening/SignInPane.vue'
import { makeI18n } from '@/i18n'
import type { Call } from '@/pages/station/calls'
import RingScreen from '@/pages/station/RingScreen.vue'
import StationHeader from '@/pages/station/StationHeader.vue'
import GivenUpNotice from '@/parts/GivenUpNotice.vue'
import RecordingLamp from '@/parts/RecordingLamp.vue'
import { makeRouter } from '@/router'
import type { Live } from '@/state/live'
import type { RecordingTold } from '@/state/meetingRoom'
import { makeSession, sessionKey } from '@/state/session'

import { LEADER } from '../support/examples'

const plugins = [makeI18n()]
const AT = new Date(2026, 10, 28, 16, 5, 9).getTime()

describe('the lamp of the recording', () => {
  const lamp = (told: RecordingTold, asOf?: number) => mount(RecordingLamp, { props: { told, asOf }, global: { plugins } })

  it.each([
    [{ state: 'recording', reason: null }, '录像中'],
    [{ state: 'waiting', reason: null }, '录像准备中'],
    [{ state: 'failed', reason: 'disk_full' }, '没有录上：存储空间已满'],
    [{ state: 'failed', reason: 'no_recorder' }, '没有录上：录像服务未运行'],
  ] as [RecordingTold, string][])('tells the truth of %j', (told, words) => {
    expect(lamp(told).text()).toBe(words)
  })

  it('is red only while it records, and as of when while the hub is away', () => {
    const away = lamp({ state: 'recording', reason: null }, AT)
    expect(away.text()).toBe('录像中 截至 16:05:09')
    expect(away.classes()).toContain('stale')
    expect(lamp({ state: 'failed', reason: 'failed' }).classes()).not.toContain('recording')
  })
})

describe('the head of the station', () => {
  const head = (sound: 'fine' | 'noMic' | 'noSound', asOf?: number) => {
    const live = { connection: ref('online'), pending: ref(0), freshness: { asOf: ref(asOf) }, back: { lostAt: ref(asOf), lasted: ref(), now: () => undefined } } as unknown as Live
    return mount(StationHeader, {
      props: { account: LEADER, live, uplink: 'good', downlink: 'good', way: undefined, inMeeting: true, recording: undefined, sound },
      global: { plugins: [...plugins, makeRouter({ whoami: () => Promise.resolve(undefined) }, createMemoryHistory())], provide: { [sessionKey as symbol]: makeSession() } },
    })
  }

  it('is full green only for a station that can be heard', () => {
    expect(head('fine').get('[data-testid="station-line"]').html()).toContain('is-good')
    for (const [sound, words] of [['noMic', '没有麦克风'], ['noSound', '麦克风不可用']] as const) {
      const line = head(sound).get('[data-testid="station-line"]')
      expect(line.html()).not.toContain('is-good')
      expect(line.text()).toContain(words)
    }
  })

  it('does not call a line good while the hub is away', () => {
    expect(head('fine').find('[data-testid="station-quality"]').exists()).toBe(true)
    const away = head('fine', AT)
    expect(away.find('[data-testid="station-quality"]').exists()).toBe(false)
    expect(away.text()).toContain('截至 16:05:09')
  })
})

describe('the ring', () => {
  const call: Call = { id: 'm_1', title: '防汛', kind: 'dispatch', caller: '王某', callerCenter: '岳阳市', openedAt: '', rungAt: '', declined: null, recorded: true, drill: false, secret: false }
  const ring = (more: Partial<Call> = {}) => mount(RingScreen, { props: { call: { ...call, ...more }, seconds: 15 }, global: { plugins }, attachTo: document.body })

  it('says before it is answered that the meeting is recorded', () => {
    expect(ring().text()).toContain('本次会议录像')
    expect(ring({ recorded: false }).text()).not.toContain('本次会议录像')
  })

  it('is declined with one of few reasons, and begins its time anew while somebody chooses', async () => {
    const shown = ring()
    await shown.get('[data-testid="station-decline"]').trigger('click')
    expect(shown.emitted('hold')).toHaveLength(1)
    expect(document.activeElement?.textContent).toBe('正在处置')
    await shown.get('section').trigger('keydown', { key: 'Escape' })
    expect(shown.find('[data-testid="station-decline-handling"]').exists()).toBe(false)
    expect(document.activeElement?.textContent.trim()).toBe('接听')
    await shown.get('[data-testid="station-decline"]').trigger('click')
    await shown.get('[data-testid="station-decline-unattended"]').trigger('click')
    expect(shown.emitted('decline')).toEqual([['unattended']])
    shown.unmount()
  })
})

describe('signing in', () => {
  const pane = (present: string, run = vi.fn(() => Promise.resolve({ seq: 1, entries: [] })), duty = '') =>
    mount(SignInPane, {
      props: { actions: { sending: () => false, problem: () => undefined, run, add: run, fail: () => undefined }, meeting: 'm_1', present, duty },
      global: { plugins },
    })

  it('takes who is present, and has him in the field the next time on this machine', async () => {
    localStorage.clear()
    const run = vi.fn(() => Promise.resolve({ seq: 1, entries: [] }))
    const first = pane('', run)
    await first.get('form').trigger('submit')
    expect(run).not.toHaveBeenCalled()
    await first.get('[data-testid="station-present"]').setValue(' 李某 ')
    await first.get('[data-testid="station-duty"]').setValue('值守')
    await first.get('form').trigger('submit')
    expect(run).toHaveBeenCalledWith('sign_in', 'meeting.sign_in', { name: '李某', duty: '值守' }, 'm_1')
    await flushPromises()
    const next = pane('')
    expect(next.get<HTMLInputElement>('[data-testid="station-present"]').element.value).toBe('李某')
  })

  it('is one line once somebody signed in, which can be changed', async () => {
    const signed = pane('张某', undefined, '支部书记')
    expect(signed.text()).toContain('支部书记 张某')
    await signed.get('[data-testid="station-sign-change"]').trigger('click')
    expect(signed.get<HTMLInputElement>('[data-testid="station-present"]').element.value).toBe('张某')
  })
})

it('what was given up is named with its own words until it is read', async () => {
  const command = { id: 'c_1', kind: 'report.file', data: { situation: 'abnormal', text: '水位上涨' } } as const
  const commands = [{ command, why: 'hungUp' } as const]
  const notice = mount(GivenUpNotice, { props: { commands }, global: { plugins } })
  expect(notice.text()).toContain('没有送出：报告 “水位上涨”')
  await notice.get('button').trigger('click')
  expect(notice.emitted('read')).toHaveLength(1)
})
