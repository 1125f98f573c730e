/** The arrival board: by county, the worst first, and who came late. */
import { describe, expect, it } from 'vitest'

import { groupsOf, lateOf } from '@/pages/arrivals/board'
import { attendance, type Surroundings } from '@/parts/attendance'
import type { Call, Participant } from '@/protocol/types'

import { COUNTY, joined, ref, snapshot, TOWN, VILLAGE } from '../support/examples'

const OTHER = '430602000000'
const OPENED = Date.parse(snapshot().opened_at)
const at = (seconds: number): string => new Date(OPENED + seconds * 1000).toISOString()
const here = (id: string): Surroundings['people'] => new Map([[id, { id, state: 'online', since: null, camera: null, microphone: null, publishing: true, way: null, pictures: 'all', weak: false }]])

function board(participants: Participant[], calls: ReadonlyMap<string, Call>, seconds: number) {
  const around: Surroundings = { centers: new Map([[COUNTY, 'online'], [TOWN, 'online']]), people: here('a_town'), quality: {}, speaker: null, calls, now: OPENED + seconds * 1000 }
  return attendance(snapshot({ centers: [snapshot().chair.center, COUNTY, OTHER, TOWN, VILLAGE], participants }), around)
}
const county = (code: string): string => (code === OTHER ? '岳阳楼区' : '临湘市')

describe('groups', () => {
  it('stand in calling order, count as everywhere, and name who is missing, the worst first', () => {
    const declined: Call = { called_at: at(0), times: 1, declined: { at: at(5), account: 'a', name: '李某', reason: 'unattended' } }
    const called = board([joined(ref('a_town', TOWN, '坦渡镇'), at(3))], new Map([[COUNTY, declined]]), 20)
    const [first, second] = groupsOf(called, county)
    expect([first?.name, first?.count]).toEqual(['临湘市', { arrived: 1, called: 3, people: 1 }])
    expect(first?.states).toEqual([{ word: 'declined', count: 1 }, { word: 'offline', count: 1 }])
    expect(first?.missing.map((one) => one.code)).toEqual([COUNTY, VILLAGE])
    expect([second?.name, second?.count.called, second?.states]).toEqual(['岳阳楼区', 1, [{ word: 'offline', count: 1 }]])
  })
})

describe('late', () => {
  it('is who came when his call counted as unanswered', () => {
    const came = (seconds: number) => [joined(ref('a_town', TOWN, '坦渡镇'), at(seconds))]
    expect(lateOf(board(came(59), new Map(), 200))).toEqual([])
    expect(lateOf(board(came(90), new Map(), 200))).toEqual([{ code: TOWN, at: at(90), after: 90_000 }])
  })

  it('counts from the last call, and not who was there before it', () => {
    const again = new Map<string, Call>([[TOWN, { called_at: at(80), times: 2, declined: null }]])
    expect(lateOf(board([joined(ref('a_town', TOWN, '坦渡镇'), at(90))], again, 200))).toEqual([])
    expect(lateOf(board([joined(ref('a_town', TOWN, '坦渡镇'), at(10))], again, 200))).toEqual([])
  })
})
