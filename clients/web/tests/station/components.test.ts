// @vitest-environment jsdom
/** What the station's head, ring and notices say. */
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { createMemoryHistory } from 'vue-router'

import { makeI18n } from '@/i18n'
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
    const live = { connection: ref('online'), pending: ref(0), freshness: { asOf: ref(asOf) } } as unknown as Live
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

it('the ring says before it is answered that the meeting is recorded', () => {
  const call = { id: 'm_1', title: '防汛', kind: 'dispatch', caller: '王某', callerCenter: '岳阳市', openedAt: '', recorded: true } as const
  const ring = (recorded: boolean) => mount(RingScreen, { props: { call: { ...call, recorded }, seconds: 15 }, global: { plugins } })
  expect(ring(true).text()).toContain('本次会议录像')
  expect(ring(false).text()).not.toContain('本次会议录像')
})

it('what was given up is named with its own words until it is read', async () => {
  const command = { id: 'c_1', kind: 'report.file', data: { situation: 'abnormal', text: '水位上涨' } } as const
  const commands = [{ command, why: 'hungUp' } as const]
  const notice = mount(GivenUpNotice, { props: { commands }, global: { plugins } })
  expect(notice.text()).toContain('没有送出：报告 “水位上涨”')
  await notice.get('button').trigger('click')
  expect(notice.emitted('read')).toHaveLength(1)
})
