import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'

import type { Slots } from '@/protocol/whep'
import { HOLD_MS, lossOnTheWay, useHold } from '@/state/hold'
import type { Line, Lines } from '@/state/lines'
import type { MeetingRoom } from '@/state/meetingRoom'

const line = (loss_permille: number | null): Line => ({
  state: 'fair',
  since: '2026-11-23T08:00:00.000000Z',
  loss_permille,
  bitrate_bps: null,
  rtt_ms: null,
})
const shows = (...video: (string | null)[]): Slots => ({ video, audio: [null] })

describe('the loss on the way', () => {
  it('is the worst between those who are watched and the viewer', () => {
    const up: Lines = new Map([
      ['a_village', line(80)],
      ['a_other', line(300)],
    ])
    const down: Lines = new Map([['a_me', line(30)]])
    expect(lossOnTheWay('a_me', shows('a_village:screen', null), up, down)).toBe(80)
    expect(lossOnTheWay('a_me', shows(null), up, down)).toBe(30)
    expect(lossOnTheWay('a_me', shows('a_new'), up, new Map([['a_me', line(null)]]))).toBeNull()
  })
})

describe('holding back', () => {
  it('begins with loss and ends when it is clearly over', async () => {
    const slots = shallowRef(shows('a_village'))
    const uplinks = shallowRef<Lines>(new Map())
    const downlinks = shallowRef<Lines>(new Map())
    const told: (number | null)[] = []
    const scope = effectScope()
    scope.run(() => {
      useHold({ uplinks, downlinks } as unknown as MeetingRoom, 'a_me', { hold: (ms) => told.push(ms) }, slots)
    })
    for (const loss of [5, 19, 20, 15, 60, 9, 19]) {
      downlinks.value = new Map([['a_me', line(loss)]])
      await nextTick()
    }
    expect(told).toEqual([HOLD_MS, null])
    uplinks.value = new Map([['a_village', line(100)]])
    await nextTick()
    expect(told).toEqual([HOLD_MS, null, HOLD_MS])
    downlinks.value = new Map()
    slots.value = shows(null)
    await nextTick()
    expect(told.at(-1)).toBeNull()
    scope.stop()
  })
})
