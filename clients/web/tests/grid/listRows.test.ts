import 'fake-indexeddb/auto'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { type Disk, openDisk, removeDisk } from '@/features/grid/disk'
import { PhoneHub } from '@/features/grid/hub'
import { checksOf, checkWanted, listsOf, withoutGone } from '@/features/grid/listRows'
import { Phone } from '@/features/grid/phone'
import { isEmpty, type Item, Queue } from '@/features/grid/queue'
import { Box, makeKey } from '@/features/grid/sealing'
import { Sender } from '@/features/grid/sender'
import { isDone, placesOf } from '@/features/grid/walk'
import { stopsOf, type Work } from '@/features/grid/work'

import { asked, cardOf, itemOf, listOf, NOW, rowOf, workOf } from '../support/phoneLists'

const outcomes = (work: Work, ...items: Item[]) => checksOf(work, items, NOW).map(({ row, outcome, trouble }) => [row, outcome, trouble].filter((one) => one !== null).join(' '))

describe('rows of lists on a phone', () => {
  it('are those that lie with its grids, of lists of which some do', () => {
    const told = { clearing: 'li_1', village: 'v', title: '返乡名单', note: '', due: null, delete_at: '2026-12-07T00:00:00Z', total: 9, left: 3, columns: listOf().columns.slice() }
    const found = listsOf({ lists: [told, { ...told, village: 'w' }, { ...told, clearing: 'li_2', columns: [] }], list_rows: [{ ...rowOf(1), values: ['人1', '', ''], at: null }] })
    expect(found.lists.map(({ clearing }) => clearing)).toEqual(['li_1'])
    expect(found.listRows.map(({ row }) => row)).toEqual([1])
  })

  it('are as this phone said until the hub has heard, and as the hub says where it refused', () => {
    const work = workOf({ listRows: [rowOf(1), rowOf(2, { outcome: 'absent' })] })
    const ill = checkWanted(rowOf(1), { outcome: 'abnormal', trouble: 'ill', text: '发热' }, '')
    const well = checkWanted(rowOf(1), { outcome: 'normal' }, '')
    expect(outcomes(work)).toEqual(['1', '2 absent'])
    expect(outcomes(work, itemOf(ill))).toEqual(['1 abnormal ill', '2 absent'])
    expect(outcomes(work, itemOf(ill), itemOf(well))).toEqual(['1 normal', '2 absent'])
    expect(outcomes(work, itemOf(ill, { state: 'refused' }))).toEqual(['1', '2 absent'])
    expect(outcomes(work, itemOf(ill, { state: 'sent', seq: 9 }))).toEqual(['1', '2 absent'])
    expect(outcomes(work, itemOf(ill, { state: 'sent', seq: 10 }))).toEqual(['1 abnormal ill', '2 absent'])
    // of what was sent nothing stays that somebody wrote, and no name
    expect(JSON.stringify([ill.mark, ill.title])).not.toMatch(/发热|人1/)
  })

  it('are walked to by household and building; what is due today or was refused goes first, what is done last', () => {
    const cards = [cardOf('a', 1), cardOf('b', 2), cardOf('c', 3, '11栋'), cardOf('d', 4, '11栋')]
    const rows = [
      rowOf(1, { household: 'b' }), rowOf(2, { where: '幸福路11栋 4号' }), rowOf(3, { where: '不知哪里' }),
      rowOf(4, { household: 'd', outcome: 'normal' }), rowOf(5, { clearing: 'li_2', household: 'c' }), rowOf(6, { where: '1栋旁' }),
    ]
    const work = workOf({ cards, rows: [asked('a'), asked('b'), asked('c', { next: 'none', outcome: 'met' })], lists: [listOf(), listOf({ clearing: 'li_2', due: '2026-11-30T10:00:00Z' })], listRows: rows })
    const order = (...items: Item[]) => placesOf(cards, stopsOf(work, items), checksOf(work, items, NOW)).map(({ key }) => key)
    // 11栋 is not 1栋
    expect(order()).toEqual(['c', 'a', 'li_1 6', 'b', 'li_1 2', 'li_1 3', 'd'])
    const refused = itemOf(checkWanted(rowOf(3), { outcome: 'absent' }, ''), { state: 'refused' })
    expect(order(refused)[0]).toBe('li_1 3')
    // a household is not done with as long as a row of it is left
    const places = placesOf(cards, stopsOf(work, []), checksOf(work, [], NOW))
    expect(places.filter(isDone).map(({ key }) => key)).toEqual(['d'])
    // what can still be taken back keeps its place
    const held = itemOf(checkWanted(rowOf(6), { outcome: 'normal' }, '', 5000), { state: 'held' })
    expect(order(held)).toEqual(order())
  })

  it('go from the phone at their time by the hub’s clock, and the day is told whole again', () => {
    const work = { ...workOf({ listRows: [rowOf(1), rowOf(2, { clearing: 'li_2' })], lists: [listOf(), listOf({ clearing: 'li_2', delete_at: '2026-11-30T09:00:00Z' })] }), tag: 'W/"1"' }
    expect(withoutGone(work, NOW)).toBe(work)
    const later = withoutGone(work, NOW + 3_600_001)
    expect([later.listRows.map(({ row }) => row), later.lists.length, later.tag]).toEqual([[1], 1, undefined])
    // a phone whose clock is a day fast loses nothing
    const fast = { ...work, heard: Date.parse(work.at) + 86_400_000 }
    expect(withoutGone(fast, NOW + 86_400_000)).toBe(fast)
    expect(withoutGone(fast, NOW + 86_400_000 + 3_600_001).lists).toHaveLength(1)
  })
})

describe('what came of a row', () => {
  let disk: Disk
  let queue: Queue
  let sender: Sender | undefined
  const asks: { path: string; body: { id: string; results: unknown[] } }[] = []
  let answers: (() => Response)[] = []
  const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

  beforeEach(async () => {
    asks.length = 0
    answers = []
    disk = await openDisk(undefined, 'rows')
    queue = new Queue(disk, new Box((await makeKey('123456', 1000)).key), { now: () => NOW })
  })
  afterEach(async () => {
    sender?.stop()
    disk.close()
    await removeDisk('rows')
  })
  function begin(): void {
    const hub = new PhoneHub(async (input, init) => {
      asks.push({ path: input, body: JSON.parse(String(init?.body)) as { id: string; results: unknown[] } })
      const next = answers.shift()
      if (next === undefined) throw new TypeError('no line')
      return Promise.resolve(next())
    })
    sender = new Sender(queue, hub, { now: () => NOW, chance: () => 0 })
    queue.onWork = () => sender?.poke()
    void sender.run()
  }

  it('goes by the door of results in its order, and again under the same id', async () => {
    await queue.add(checkWanted(rowOf(3), { outcome: 'abnormal', trouble: 'ill', text: '发热' }, ''))
    await queue.add(checkWanted(rowOf(3), { outcome: 'moved', to: '430682115211' }, ''))
    answers = [() => { throw new TypeError('the answer was lost') }, () => json(200, { seq: 41, rows: 1 }), () => json(200, { seq: 42, rows: 1 })]
    begin()
    await vi.waitFor(async () => { expect(await queue.unsent()).toBe(0) }, 5000)
    expect(asks.map(({ path }) => path)).toEqual(Array(3).fill('/api/v1/clearings/li_1/results'))
    expect(asks.map(({ body }) => body.results)).toEqual([
      [{ row: 3, outcome: 'abnormal', trouble: 'ill', to: null, text: '发热' }],
      [{ row: 3, outcome: 'abnormal', trouble: 'ill', to: null, text: '发热' }],
      [{ row: 3, outcome: 'moved', trouble: null, to: '430682115211', text: '' }],
    ])
    expect(asks[1]?.body.id).toBe(asks[0]?.body.id)
    expect(asks[2]?.body.id).not.toBe(asks[0]?.body.id)
    expect((await queue.list()).map(({ data }) => data)).toEqual([{}, {}])
  })

  it('keeps what was written where a row is another grid’s by now, and nothing of a list that is gone', async () => {
    await queue.add(checkWanted(rowOf(3), { outcome: 'absent', text: '问过邻居' }, ''))
    await queue.add(checkWanted(rowOf(4), { outcome: 'absent', text: '问过邻居' }, ''))
    const no = (field: string) => () => json(404, { error: { code: 'not_found', message: '', field } })
    answers = [no('results'), no('clearing')]
    begin()
    await vi.waitFor(async () => { expect((await queue.list()).map(({ state }) => state)).toEqual(['refused', 'refused']) }, 5000)
    const [other, gone] = await queue.list()
    expect(other?.data['text']).toBe('问过邻居')
    expect(gone === undefined ? undefined : [isEmpty(gone), gone.refusal?.field]).toEqual([true, 'clearing'])
  })
})

it('a phone without a line holds no row after its time, on its disk neither; withdrawn it holds none at all', async () => {
  let line = true
  let withdrawn = false
  const told = { clearing: 'li_1', village: 'v', title: '返乡名单', note: '', due: null, delete_at: new Date(Date.now() + 3_600_000).toISOString(), total: 1, left: 1, columns: listOf().columns }
  const day = { seq: 7, at: new Date().toISOString(), grids: [], cards: [], sweeps: [], rows: [], errands: [], tasks: [], orders: [], lists: [told], list_rows: [{ ...rowOf(1), at: null }], doors: [], said: [], team: [] }
  const hub = new PhoneHub(async (input) => {
    if (!line) throw new TypeError('no line')
    const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }))
    if (input.endsWith('/devices/bind')) return answer(200, { device: 'dv_1', half: 'h', account: { id: 'a_1', name: '某', role: 'grid_member' } })
    if (input.endsWith('/standing')) return answer(200, { state: withdrawn ? 'withdrawn' : 'bound' })
    if (withdrawn || !input.endsWith('/grid-work')) return answer(401, { error: { code: 'unauthenticated', message: '' } })
    return answer(200, day)
  })
  const away = { addEventListener: vi.fn(), removeEventListener: vi.fn() }
  vi.stubGlobal('window', away)
  vi.stubGlobal('document', { ...away, visibilityState: 'hidden' })
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('location', { reload: vi.fn() })
  const phone = new Phone(hub)
  await phone.start()
  await phone.bind('abc')
  await phone.choose('135790')
  await vi.waitFor(() => { expect(phone.work.value?.listRows).toHaveLength(1) }, 5000)
  // as the next opening of the page finds it
  const kept = async (): Promise<string> => {
    const again = new Phone(hub)
    await again.start()
    await again.unlock('135790')
    const found = again.state.value === 'unbound' ? 'nobody' : String(again.work.value?.listRows.length)
    await again.lock()
    return found
  }
  line = false
  expect(await kept()).toBe('1')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_700_000 })
  await phone.forget()
  expect(phone.work.value?.listRows).toEqual([])
  vi.useRealTimers()
  expect(await kept()).toBe('0')
  line = true
  withdrawn = true
  await phone.read()
  expect([phone.state.value, phone.because.value]).toEqual(['unbound', 'withdrawn'])
  const left = await openDisk()
  expect([await left.count('kept'), await left.count('queue'), await left.count('facts')]).toEqual([0, 0, 0])
  left.close()
})
