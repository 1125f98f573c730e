/** What orders begin from: its places to fill, and whom it is for. */
import { describe, expect, it } from 'vitest'

import { centersOf, nextSlot, slotsOf } from '@/features/orders/wordings'
import type { Group, OrderWording } from '@/protocol/types'

import { CENTERS, COUNTY, VILLAGE } from '../support/examples'

const TEXT = '报【站名】水位，超过【警戒水位】米报告；【站名】值班电话保持畅通'
const BY = { account: 'a_1', name: '王某', center: '430600000000', center_name: '岳阳市' }
const WORDING: OrderWording = { id: 'ow_1', name: '报水位', text: TEXT, priority: 'urgent', due_minutes: 60, group: 'g_1', by: BY, at: '2026-11-29T07:00:00Z', seq: 3 }

describe('places to fill', () => {
  it('are what stands in brackets, each once; brackets that hold nothing or a line end are words', () => {
    expect(slotsOf(TEXT)).toEqual(['【站名】', '【警戒水位】'])
    expect(slotsOf('【】【两\n行】没有')).toEqual([])
  })

  it('come one after the other from the cursor on, and from the beginning again', () => {
    const slots = slotsOf(TEXT)
    const first = nextSlot(TEXT, slots, 0)
    expect(first).toEqual({ start: 1, end: 5 })
    const second = nextSlot(TEXT, slots, first?.end ?? 0)
    expect(TEXT.slice(second?.start, second?.end)).toBe('【警戒水位】')
    const third = nextSlot(TEXT, slots, second?.end ?? 0)
    expect(third?.start).toBe(TEXT.lastIndexOf('【站名】'))
    expect(nextSlot(TEXT, slots, third?.end ?? 0)).toEqual(first)
    expect(nextSlot('报城陵矶水位', slots, 0)).toBeUndefined()
    // what somebody writes in brackets himself is no place to fill
    expect(nextSlot('【注意】', slots, 0)).toBeUndefined()
  })
})

describe('whom it is for', () => {
  const group: Group = { id: 'g_1', scope: 'center', name: '堤防', centers: [VILLAGE], reaches: [], by: BY, at: '2026-11-29T07:00:00Z' }
  it('is whom its group means now; nobody by itself where that is gone or was never said', () => {
    const names = (code: string): string => `名${code}`
    expect(centersOf(WORDING, [group], CENTERS, names)).toEqual([{ code: VILLAGE, name: `名${VILLAGE}` }])
    expect(centersOf(WORDING, [], CENTERS, names)).toBeUndefined()
    expect(centersOf({ ...WORDING, group: null }, [group], CENTERS, names)).toBeUndefined()
    expect(centersOf(WORDING, [{ ...group, reaches: [{ center: COUNTY, to: 'village', only: false }] }], CENTERS, names)?.length).toBeGreaterThan(1)
  })
})
