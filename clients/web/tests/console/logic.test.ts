// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'

import { orderNumbers, targetWord } from '@/features/orders/numbers'
import { arrivedCount, attendance, countOf, personState, presentOf, RINGING_MS } from '@/parts/attendance'
import { windowOf } from '@/parts/windowOf'
import { useChoice } from '@/pages/console/choice'
import { keepOldGroups, loadOldGroups } from '@/pages/console/groups'
import { meaning } from '@/pages/console/shortcuts'
import { indexCenters, pathOf, presentBelow, reaches, reachOf, rowsOf, subtreeOf } from '@/parts/centers/tree'
import { assignSlots, gridFor } from '@/pages/console/wall'
import type { Call, Participant } from '@/protocol/types'

import { CENTERS, CHAIR, CITY, COUNTY, joined, order, presence, ref, snapshot, TOWN, VILLAGE } from '../support/examples'

const index = indexCenters(CENTERS)
const OPENED = Date.parse('2026-11-23T08:00:00.000000Z')

describe('the tree of centers', () => {
  it('shows what is open, parents above children', () => {
    expect(rowsOf(index, new Set([CITY]), '').map((row) => row.center.name)).toEqual(['岳阳市', '岳阳楼区', '临湘市'])
  })

  it('finds by Chinese name, pinyin initials and code, with the way to the hit', () => {
    for (const text of ['坦渡村', 'tdc', 'TDC', '430682115210']) {
      const rows = rowsOf(index, new Set(), text)
      expect(rows.map((row) => row.center.code)).toEqual([CITY, COUNTY, TOWN, VILLAGE])
      expect(rows.filter((row) => row.hit).map((row) => row.center.code)).toEqual([VILLAGE])
    }
    expect(rowsOf(index, new Set(), '没有')).toEqual([])
  })

  it('can be narrowed to those who are there', () => {
    const rows = rowsOf(index, new Set(), '', new Set([TOWN]))
    expect(rows.map((row) => row.center.code)).toEqual([CITY, COUNTY, TOWN])
  })

  it('knows path and subtree', () => {
    expect(pathOf(index, VILLAGE).map((one) => one.name)).toEqual(['岳阳市', '临湘市', '坦渡镇', '坦渡村'])
    expect(subtreeOf(index, COUNTY)).toEqual([COUNTY, TOWN, VILLAGE])
    expect(subtreeOf(index, 'nobody')).toEqual([])
  })

  it('counts who is there below each center, not the center itself', () => {
    const counts = presentBelow(index, presence([TOWN, VILLAGE]))
    expect([counts.get(CITY), counts.get(COUNTY), counts.get(TOWN), counts.get(VILLAGE)]).toEqual([2, 2, 1, undefined])
  })

  it('draws only the rows in the window', () => {
    const { from, to } = windowOf(2048, 32, 3200, 640)
    expect(from).toBeLessThan(100)
    expect(from).toBeGreaterThan(80)
    expect(to - from).toBeLessThan(40)
    expect(windowOf(3, 32, 0, 640)).toEqual({ from: 0, to: 3 })
  })
})

describe('who has come', () => {
  const around = (news = {}) => ({
    centers: presence([COUNTY, TOWN]),
    people: new Map(),
    quality: {},
    speaker: null,
    calls: new Map<string, Call>(),
    now: OPENED + 1000,
    ...news,
  })
  const town: Participant = joined(ref('a_town', TOWN, '坦渡镇'))

  const call = (called_at: string, declined: Call['declined'] = null): Call => ({ called_at, times: 2, declined })
  const at = (seconds: number): string => new Date(OPENED + seconds * 1000).toISOString().replace('Z', '000Z')

  it('rings at centers that are reachable, for a minute, and then got no answer; who is off line is told apart', () => {
    const states = (now: number) => attendance(snapshot(), around({ now })).map((one) => one.state)
    expect(states(OPENED + 1000)).toEqual(['calling', 'calling', 'offline'])
    expect(states(OPENED + RINGING_MS + 1)).toEqual(['noAnswer', 'noAnswer', 'offline'])
  })

  it('rings anew from the last call on, and says who declined it', () => {
    const declined = { at: at(5), account: 'a_x', name: '李某', reason: 'handling' as const }
    const states = (calls: Map<string, Call>) => attendance(snapshot(), around({ now: OPENED + 90_000, calls })).map((one) => one.state)
    expect(states(new Map([[TOWN, call(at(80))]]))).toEqual(['noAnswer', 'calling', 'offline'])
    expect(states(new Map([[TOWN, call(at(0), declined)], [VILLAGE, call(at(0), declined)]]))).toEqual(['noAnswer', 'declined', 'declined'])
    const [, one] = attendance(snapshot(), around({ calls: new Map([[TOWN, call(at(0), declined)]]) }))
    expect(one?.declined?.name).toBe('李某')
  })

  it('says of who left that he left, until he is called again or declines', () => {
    const left: Participant = { ...town, state: 'left', left_at: at(30) }
    const state = (calls = new Map<string, Call>()) =>
      attendance(snapshot({ participants: [joined(CHAIR), left] }), around({ now: OPENED + 50_000, calls }))[1]?.state
    expect(state()).toBe('left')
    expect(state(new Map([[TOWN, call(at(40))]]))).toBe('calling')
    expect(state(new Map([[TOWN, call(at(0), { at: at(45), account: 'a', name: '李某', reason: 'later' })]]))).toBe('declined')
  })

  it('says of a center that waits at the lock that it does, and counts it as missing', () => {
    const all = attendance(snapshot(), around({ now: OPENED + 90_000, waiting: new Set([TOWN]) }))
    expect(all.map((one) => one.state)).toEqual(['noAnswer', 'waiting', 'offline'])
    expect(countOf(all).arrived).toBe(0)
  })

  it('keeps its own center apart from the list, whoever leads the meeting', () => {
    const led = snapshot({ chair: ref('a_town', TOWN, '坦渡镇'), participants: [joined(CHAIR), town] })
    expect(attendance(led, around()).map((one) => one.code)).toEqual([COUNTY, TOWN, VILLAGE])
  })

  it('shows of who is lost that he is called again', () => {
    const lost = (since: string) => new Map([['a_town', { id: 'a_town', state: 'offline' as const, since, camera: null, microphone: null, publishing: false }]])
    const now = OPENED + 100_000
    const state = (calls: Map<string, Call>) => attendance(snapshot({ participants: [town] }), around({ people: lost(at(40)), now, calls }))[1]?.state
    expect([state(new Map()), state(new Map([[TOWN, call(at(95))]]))]).toEqual(['offline', 'calling'])
  })

  it('counts centers and people in one way, and the chair apart', () => {
    const people = [joined(CHAIR), town, joined(ref('a_town2', TOWN, '坦渡镇')), joined(ref('a_v', VILLAGE, '坦渡村'))]
    expect(countOf(attendance(snapshot({ participants: people }), around()))).toEqual({ arrived: 2, called: 3, people: 3 })
    const over = attendance(snapshot({ state: 'ended', participants: people.map((one) => ({ ...one, state: 'left' as const })) }), around())
    expect([over.map((one) => one.state), countOf(over)]).toEqual([['noAnswer', 'arrived', 'arrived'], { arrived: 2, called: 3, people: 3 }])
  })

  it('names who is present, where that was said', () => {
    expect(presentOf(town)).toBe('坦渡镇值守')
    expect(presentOf({ ...town, present: '李某', duty: '值守' })).toBe('值守 李某')
  })

  it('leaves out the center that calls', () => {
    expect(attendance(snapshot(), around()).map((one) => one.code)).not.toContain(CITY)
  })

  it('counts a center once, however many join for it', () => {
    const other = joined(ref('a_town2', TOWN, '坦渡镇'))
    const called = attendance(snapshot({ participants: [joined(CHAIR), town, other] }), around())
    expect(arrivedCount(called)).toBe(1)
  })

  it('says what is wrong before what is normal', () => {
    const muted = { ...town, muted: true }
    expect(personState(muted, around())).toBe('muted')
    expect(personState(muted, around({ quality: { a_town: 'poor' } }))).toBe('weak')
    const gone = new Map([['a_town', { id: 'a_town', state: 'reconnecting', publishing: false }]])
    expect(personState(muted, around({ quality: { a_town: 'poor' }, people: gone }))).toBe('reconnecting')
    expect(personState({ ...town, state: 'left' }, around({ people: gone }))).toBe('left')
    // a camera is nobody who has come
    expect(personState({ ...town, id: 'ca_1' }, around())).toBe('camera')
    expect(personState({ ...town, id: 'ca_1' }, around({ quality: { ca_1: 'lost' } }))).toBe('reconnecting')
    expect(personState(town, around({ speaker: 'a_town' }))).toBe('speaking')
  })
})

describe('numbers of the orders', () => {
  const signed = order({ [VILLAGE]: 'signed', [TOWN]: 'issued' })

  it('count targets, signatures and what is overdue', () => {
    expect(orderNumbers([signed], OPENED)).toEqual({ targets: 2, signed: 1, overdue: 0 })
    const due = { ...signed, due: '2026-11-23T08:00:30.000000Z' }
    expect(orderNumbers([due], OPENED + 31_000)).toEqual({ targets: 2, signed: 1, overdue: 2 })
  })

  it('never call a completed target overdue', () => {
    const late = order({ [VILLAGE]: 'completed' }, { due: '2026-11-23T08:00:30.000000Z' })
    const [target] = late.targets
    if (target === undefined) throw new Error('no target')
    expect(targetWord(late, target, OPENED + 60_000)).toBe('completed')
  })
})

describe('the wall', () => {
  it('keeps everybody in his slot while others come and go', () => {
    const one = assignSlots([], ['a', 'b', 'c'], 4)
    expect(one).toEqual(['a', 'b', 'c', null])
    const two = assignSlots(one, ['d', 'a', 'c'], 4)
    expect(two).toEqual(['a', 'd', 'c', null])
  })

  it('leaves out whoever does not fit', () => {
    expect(assignSlots([], ['a', 'b', 'c'], 2)).toEqual(['a', 'b'])
  })

  it('never makes tiles that do not fit into the box', () => {
    for (let count = 1; count <= 16; count += 1) {
      for (const [width, height] of [
        [766, 215],
        [1180, 360],
        [300, 900],
      ] as const) {
        const grid = gridFor(count, width, height)
        expect(grid.columns * grid.width + (grid.columns - 1) * 6).toBeLessThanOrEqual(width)
        expect(grid.rows * grid.height + (grid.rows - 1) * 6).toBeLessThanOrEqual(height)
        expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count)
      }
    }
  })

  it('gives four tiles one row where that costs them little', () => {
    expect(gridFor(4, 770, 245).rows).toBe(1)
  })
})

describe('groups of before', () => {
  it('are read from this browser until they were taken over', () => {
    localStorage.setItem('lianxian.groups.a_1', JSON.stringify([{ name: '防汛专班', centers: [TOWN] }, { name: 1 }]))
    expect(loadOldGroups('a_1')).toEqual([{ name: '防汛专班', centers: [TOWN] }])
    keepOldGroups('a_1', [])
    expect([loadOldGroups('a_1'), localStorage.getItem('lianxian.groups.a_1')]).toEqual([[], null])
    localStorage.setItem('lianxian.groups.a_3', '{"no": "list"')
    expect(loadOldGroups('a_3')).toEqual([])
  })
})

describe('choosing', () => {
  const wholeTree = shallowRef(index)
  const there = shallowRef(presence([VILLAGE]))

  it('reaches down to a level, and never calls oneself', () => {
    expect(reaches(index, CITY)).toEqual(['county', 'township', 'village'])
    expect(reaches(index, COUNTY)).toEqual(['self', 'township', 'village'])
    expect(reaches(index, TOWN)).toEqual(['self', 'village'])
    expect(reachOf(index, COUNTY, 'township')).toEqual([COUNTY, TOWN])
    expect(reachOf(index, COUNTY, 'village')).toEqual([COUNTY, TOWN, VILLAGE])
    expect(reachOf(index, CITY, 'county')).toEqual(['430602000000', COUNTY])
    expect(reachOf(index, CITY, 'self')).toEqual([])
  })

  it('begins anew where a preset stood, and goes on where one chose by hand', () => {
    const choice = useChoice(wholeTree, there)
    expect([...choice.chosen.value]).toEqual([VILLAGE])
    choice.choose([COUNTY, TOWN], true, true)
    expect([...choice.chosen.value]).toEqual([COUNTY, TOWN])
    choice.choose(['430602000000'], true, true)
    expect([...choice.chosen.value]).toEqual([COUNTY, TOWN, '430602000000'])
    choice.use('townships')
    expect([...choice.chosen.value]).toEqual([TOWN])
    expect(choice.presets.value.map((one) => [one.id, one.count])).toEqual([['online', 1], ['counties', 2], ['townships', 1], ['all', 4], ['none', 0]])
  })

  it('takes what a group means now: named centers, whole subtrees, levels', () => {
    const choice = useChoice(wholeTree, there)
    choice.useGroup({ centers: ['430602000000', '430699000000'], reaches: [{ center: TOWN, to: 'village' }] })
    expect([...choice.chosen.value]).toEqual(['430602000000', TOWN, VILLAGE])
    choice.useGroup({ centers: [CITY], reaches: [{ center: CITY, to: 'county', only: true }] })
    expect([...choice.chosen.value]).toEqual(['430602000000', COUNTY])
  })
})

describe('keys', () => {
  const press = (init: KeyboardEventInit, target: EventTarget = document.body): ReturnType<typeof meaning> => {
    const event = new KeyboardEvent('keydown', { bubbles: true, ...init })
    let meant: ReturnType<typeof meaning>
    target.addEventListener('keydown', (one) => (meant = meaning(one as KeyboardEvent)), { once: true })
    target.dispatchEvent(event)
    return meant
  }

  it('mean what the help page says', () => {
    expect(press({ key: 'o', code: 'KeyO' })?.does).toBe('order')
    expect(press({ key: 'E', code: 'KeyE', shiftKey: true })?.does).toBe('end')
    expect(press({ key: 'e', code: 'KeyE' })).toBeUndefined()
    expect(press({ key: '3', code: 'Digit3' })).toEqual({ does: 'tile', number: 3 })
    expect(press({ key: '2', code: 'Digit2', altKey: true })).toEqual({ does: 'tabs', number: 2 })
    expect(press({ key: '?', code: 'Slash', shiftKey: true })?.does).toBe('help')
  })

  it('mean nothing while somebody writes, or with Ctrl', () => {
    const field = document.body.appendChild(document.createElement('textarea'))
    expect(press({ key: 'o', code: 'KeyO' }, field)).toBeUndefined()
    expect(press({ key: 'o', code: 'KeyO', ctrlKey: true })).toBeUndefined()
    field.remove()
  })
})
