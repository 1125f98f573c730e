// @vitest-environment jsdom
/** Walls of cameras: what stands where, tours, addresses, the words of a picture, one session that keeps its slots and comes back. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'

import { beside, camerasOf, cellsOf, EMPTY, everyOf, fromKept, isSame, joinCell, leaveCell, paceOf, pagesOf, put, putUp, queryOf, standsIn, takeDown, toKept, type Wall, wallIn, wallOf, withDwell, withGrid } from '@/features/cameras/cells'
import { looksIn } from '@/features/cameras/looks'
import { mostTelling } from '@/features/cameras/mostTelling'
import { rowsOf, SHARED } from '@/features/cameras/treeRows'
import { useTour } from '@/features/cameras/useTour'
import { placed } from '@/parts/camera/places'
import { type Known, wordOf } from '@/parts/camera/standing'
import { type CameraWatch, useCameraWatch } from '@/parts/camera/useCameraWatch'
import type { CameraCount, CameraEvent, CameraHere, KeptWall } from '@/protocol/types'

import { FakeDoor, stream } from '../support/fakeMedia'

const id = (number: number): string => `ca_${String(number).padStart(18, '0')}`
const [A, B, C, D, E] = [1, 2, 3, 4, 5].map(id) as [string, string, string, string, string]
const wall = (cameras: (string | null)[], more: Partial<Wall> = {}): Wall => ({ ...EMPTY, cameras, ...more })

/** A component that uses what is tried. */
function within(use: () => void) {
  return mount(defineComponent({ setup: () => { use(); return () => h('i') } }))
}

describe('a wall', () => {
  it('puts a camera where it is meant, else where it is empty, and changes places with one that stands there', () => {
    expect(cellsOf(putUp(wall([A]), 0, B).wall)).toEqual([A, B, null, null])
    expect(putUp(wall([A, B]), 3, C)).toMatchObject({ at: 3 })
    expect(putUp(wall([A, B]), 0, B)).toMatchObject({ at: 1 })
    expect(cellsOf(putUp(wall([A, B, C, D]), 2, E).wall)).toEqual([A, B, E, D])
    expect(cellsOf(put(wall([A, B]), 0, B))).toEqual([B, A, null, null])
    expect(cellsOf(takeDown(wall([A, B]), A))).toEqual([null, B, null, null])
  })

  it('hides no camera behind a hole when it gets smaller, and has it again when it gets larger', () => {
    const nine = wall([null, A, null, B, C, null, D, E], { grid: '9' })
    const four = withGrid(nine, '4')
    expect(cellsOf(four)).toEqual([A, B, C, D])
    expect(camerasOf(withGrid(four, '9'))).toEqual([A, B, C, D, E])
    expect(toKept(four).cameras).toEqual([A, B, C, D])
  })

  it('tours a grid at a time', () => {
    const touring = wall([A, B, C, D, E], { grid: '4', dwell: 10 })
    expect(pagesOf(touring)).toBe(2)
    expect(cellsOf(touring, 1)).toEqual([E, null, null, null])
    expect(cellsOf(touring, 2)).toEqual(cellsOf(touring, 0))
    const many = wallOf(Array.from({ length: 30 }, (_, at) => id(at)))
    expect([many.grid, many.dwell, pagesOf(many)]).toEqual(['9', 15, 4])
    expect(wallOf([A, B]).dwell).toBeNull()
  })

  it('stands in its address whole, and a kept one by its name', () => {
    const made = wall([A, null, B], { grid: '9', dwell: 30 })
    const query = queryOf(made, undefined, B)
    expect(query).toMatchObject({ grid: '9', big: B })
    expect(wallIn(query as Record<string, string>)).toEqual({ ...made, cameras: [A, B] })
    const still = wall([A, null, B])
    expect(wallIn(queryOf(still, undefined, null) as Record<string, string>)).toEqual(still)
    const kept: KeptWall = { id: `vw_${'0'.repeat(18)}`, scope: 'own', name: '堤防', grid: '4', cameras: [A, null, B], dwell_s: null, cells: [], by: { account: 'a', name: 'a', center: '1', center_name: '1' }, at: '' }
    expect(isSame(still, kept)).toBe(true)
    expect(queryOf({ ...still, kept: kept.id }, kept, null)).toEqual({ wall: kept.id })
    expect(queryOf({ ...still, cameras: [B], kept: kept.id }, kept, null)).toMatchObject({ wall: kept.id, cameras: B })
    expect(wallIn({ grid: '7', cameras: 'nonsense,' + A, dwell: '1' })).toMatchObject({ cameras: [null, A], dwell: null })
    expect(wallIn({ tab: 'x' })).toBeUndefined()
  })

  it('lets a cell tour by itself: by the clock, moved as one, in its address, and kept', () => {
    const one = joinCell(joinCell(wall([A, B]), B, C), B, D)
    expect(one.tours).toEqual([{ cameras: [B, C, D], dwell: 10 }])
    expect([0, 9_999, 10_000, 25_000, 30_000].map((now) => standsIn(one, B, now).camera)).toEqual([B, B, C, D, B])
    expect(standsIn(one, B, 12_000)).toMatchObject({ at: 1, of: 3, left: 8 })
    expect(standsIn(one, A, 12_000)).toMatchObject({ camera: A, of: 1 })
    expect(everyOf(one)).toEqual([A, B, C, D])
    // whichever of its cameras is taken hold of, the cell goes as one
    expect(put(one, 0, D)).toMatchObject({ cameras: [B, A, null, null], tours: one.tours })
    expect(putUp(one, 2, C)).toMatchObject({ wall: one, at: 1 })
    expect(wallIn(queryOf(one, undefined, null) as Record<string, string>)).toEqual(one)
    const kept: KeptWall = { id: `vw_${'0'.repeat(18)}`, scope: 'own', name: '堤防', ...toKept(one), by: { account: 'a', name: 'a', center: '1', center_name: '1' }, at: '' }
    expect(fromKept(kept)).toEqual({ ...one, kept: kept.id })
    expect([isSame(one, kept), isSame(paceOf(one, C, 15), kept)]).toEqual([true, false])
  })

  it('has a camera once: who joins a cell leaves another, and the first that leaves makes room for the next', () => {
    const one = joinCell(joinCell(wall([A, B, C]), A, C), A, D)
    expect(one).toMatchObject({ cameras: [A, B, null], tours: [{ cameras: [A, C, D] }] })
    expect(joinCell(one, B, D).tours).toEqual([{ cameras: [A, C], dwell: 10 }, { cameras: [B, D], dwell: 10 }])
    expect(leaveCell(one, A)).toMatchObject({ cameras: [C, B, null], tours: [{ cameras: [C, D] }] })
    expect(leaveCell(leaveCell(one, C), D).tours).toBeUndefined()
    expect(takeDown(one, A).tours).toBeUndefined()
    expect(withDwell(one, 15)).toEqual({ ...wall([A, C, D, B]), dwell: 15 })
  })

  it('is walked by arrows that stop at its edges', () => {
    expect([beside('4', 0, 'ArrowRight'), beside('4', 1, 'ArrowRight'), beside('4', 1, 'ArrowDown'), beside('4', 3, 'ArrowDown')]).toEqual([1, 1, 3, 3])
  })
})

describe('slots', () => {
  it('stay with their cameras, whatever the order of the wall', () => {
    expect(placed([A, B, null, null], [B, C, A])).toEqual([A, B, C, null])
    expect(placed([A, B], [C, B])).toEqual([C, B])
    expect(placed([A, null, null], [B, C])).toEqual([null, B, C])
    expect(placed([A, B], [A, B, C])).toEqual([A, B])
    expect(placed([null, null], [A, A, null])).toEqual([A, null])
  })
})

const told = (more: Partial<CameraEvent> = {}): CameraEvent => ({ meeting: 'cameras', kind: 'camera', camera: A, state: 'playing', reason: '', instead: null, codec: 'H264', width: 1, height: 1, fps: 1, bps: 1, sound: null, watchers: [], ...more })
const NOW = 1_000_000

describe('the word of a picture', () => {
  const known: Known = { line: 'connected', told: told(), placed: true, last: NOW - 100, now: NOW, quality: null, plays: true }
  it.each([
    ['playing', {}],
    ['connecting', { last: undefined }],
    ['connecting', { told: undefined, placed: false, last: undefined }],
    ['reconnecting', { last: NOW - 4000 }],
    ['reconnecting', { told: told({ state: 'reconnecting', reason: 'closed' }) }],
    ['away', { told: told({ state: 'reconnecting', reason: 'unreachable' }) }],
    ['refused', { told: told({ state: 'refused', reason: 'credentials' }) }],
    ['unplayable', { told: told({ state: 'unplayable', reason: 'codec_h265' }) }],
    ['still', { told: told({ state: 'unplayable', instead: 'snapshots' }) }],
    ['still', { plays: false }],
    ['still', { plays: false, told: told({ state: 'unplayable', reason: 'quota', instead: 'snapshots' }) }],
    ['playing', { plays: false, told: told({ instead: 'transcoded' }) }],
    ['connecting', { plays: false, told: told({ state: 'connecting' }), last: undefined }],
    ['connecting', { told: told({ state: 'idle' }), last: undefined }],
    ['narrow', { told: told({ state: 'idle' }), last: undefined, quality: 'lost' }],
    ['connecting', { told: told({ state: 'connecting' }), last: undefined, quality: 'lost' }],
    ['withheld', { told: told({ state: 'withheld' }), line: 'recovering' }],
    ['line', { line: 'recovering' }],
    ['connecting', { line: 'connecting' }],
  ] satisfies [string, Partial<Known>][])('is %s', (word, more) => {
    expect(wordOf({ ...known, ...more })).toBe(word)
  })
})

describe('a tour', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW })
    window.sessionStorage.clear()
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  function begun() {
    const now = ref(Date.now())
    let tour!: ReturnType<typeof useTour>
    const page = within(() => { tour = useTour(() => 'one', () => 3, () => 10, now) })
    const pass = async (seconds: number): Promise<void> => {
      vi.setSystemTime(Date.now() + seconds * 1000)
      now.value = Date.now()
      await nextTick()
    }
    return { tour, pass, page }
  }

  it('steps by itself, rests, and goes on where it was after a reload', async () => {
    const { tour, pass, page } = begun()
    await pass(4)
    expect([tour.page.value, tour.left.value]).toEqual([0, 6])
    await pass(6)
    expect(tour.page.value).toBe(1)
    await pass(3)
    tour.pause(true)
    await pass(60)
    expect([tour.page.value, tour.left.value]).toEqual([1, 7])
    page.unmount()
    const again = begun()
    expect([again.tour.page.value, again.tour.paused.value, again.tour.left.value]).toEqual([1, true, 7])
    again.tour.pause(false)
    await again.pass(7)
    expect(again.tour.page.value).toBe(2)
    again.tour.next()
    expect(again.tour.page.value).toBe(0)
    again.tour.next(-1)
    expect(again.tour.page.value).toBe(2)
  })
})

describe('the tree', () => {
  const count = (center: string, cameras: number): CameraCount => ({ center, name: center, cameras, ok: 0, away: 0, unknown: 0, own: 0, below: true })
  it('leaves out centers without cameras, and has what is shared beside', () => {
    const camera = { camera: A, center: '2', name: '村口' } as CameraHere
    const rows = rowsOf({ root: '1', shared: 1, sharedName: '共享', opened: new Set(['1', '2', SHARED]), counts: new Map([['1', [count('1', 2), count('2', 2), count('3', 0)]], ['2', [count('2', 2)]]]), cameras: new Map([['2', [camera]], [SHARED, [{ ...camera, camera: B }]]]) })
    expect(rows.map((row) => [row.center.code, row.depth])).toEqual([['1', 0], ['2', 1], [A, 2], [SHARED, 0], [B, 1]])
  })
})

describe('who watched', () => {
  it('is put together from minutes, with its breaks', () => {
    const look = (account: string, begun: string, until: string) => ({ account, name: '某', center: '1', seconds: 50, heard: account === 'a' ? 20 : 0, begun: `2026-11-23T08:${begun}:00Z`, until: `2026-11-23T08:${until}:00Z` })
    const looks = looksIn([look('a', '12', '13'), look('b', '11', '12'), look('a', '11', '12'), look('a', '02', '03')])
    expect(looks.map((one) => [one.account, one.begun.slice(14, 16), one.until.slice(14, 16), one.seconds, one.heard])).toEqual([['a', '11', '13', 100, 40], ['b', '11', '12', 50, 0], ['a', '02', '03', 50, 20]])
    expect(looksIn([look('a', '01', '02')], looks).find((one) => one.until.slice(14, 16) === '03')?.begun.slice(14, 16)).toBe('01')
  })
})

describe('watching', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW })
    const capabilities = { getCapabilities: () => ({ codecs: [{ mimeType: 'video/H264' }] }) }
    vi.stubGlobal('RTCRtpReceiver', capabilities)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  function page() {
    const door = new FakeDoor()
    const listeners = new Map<string, (value: unknown) => void>()
    const chosen: (string | null)[][] = []
    const heard: unknown[] = []
    const socket = {
      on: (name: string, listener: (value: unknown) => void) => {
        listeners.set(name, listener)
        return () => listeners.delete(name)
      },
      call: async (name: string, body: { video: (string | null)[] }) => {
        if (name === 'listen') heard.push(body)
        else chosen.push(body.video)
        await Promise.resolve()
      },
    }
    let watching!: CameraWatch
    const mounted = within(() => { watching = useCameraWatch({ socket } as never, { slots: 3, sound: true, parts: door.parts, makeStream: stream }) })
    const tell = (event: unknown): void => listeners.get('media')?.(event)
    return { door, chosen, heard, watching, tell, hello: () => listeners.get('hello')?.({}), close: () => { mounted.unmount() }, pass: (ms = 5) => vi.advanceTimersByTimeAsync(ms) }
  }

  it('begins when something is to be shown, keeps slots, and lets go a while after nothing is', async () => {
    const { door, chosen, watching, tell, pass, close } = page()
    await pass()
    expect(door.asked).toEqual([])
    watching.show([A, B])
    await pass()
    expect(door.asked).toContainEqual(expect.objectContaining({ method: 'POST', url: '/whep/cameras' }))
    door.peer.turn('connected')
    expect(chosen.at(-1)).toEqual([A, B, null])
    watching.show([B, C, A])
    await pass()
    expect(chosen.at(-1)).toEqual([A, B, C])
    expect(watching.of(B)).toMatchObject({ placed: false, quality: null })
    tell({ meeting: 'cameras', kind: 'slots', session: 's_1', video: [A, B, null], audio: [], people: [] })
    tell({ meeting: 'cameras', kind: 'tiles', session: 's_1', video: ['good', 'poor', null] })
    tell(told({ camera: B }))
    tell({ ...told({ camera: A, state: 'refused' }), meeting: 'm_1' })
    expect(watching.of(B)).toMatchObject({ placed: true, quality: 'poor', told: { state: 'playing' } })
    expect(watching.of(A).told).toBeUndefined()
    expect(watching.of(E).stream).toBeUndefined()
    watching.show([])
    await pass(9_000)
    expect(watching.line.value).toBe('connected')
    await pass(2_000)
    expect([watching.line.value, door.asked.at(-1)?.method]).toEqual(['stopped', 'DELETE'])
    close()
  })

  it('comes back after the hub ended its session, and not where another page took it', async () => {
    const { door, watching, tell, pass, close } = page()
    watching.show([A])
    await pass()
    door.peer.turn('connected')
    tell({ meeting: 'cameras', kind: 'closed', session: 's_1', reason: 'ended' })
    expect(watching.line.value).toBe('stopped')
    await pass(5_100)
    const posts = (): number => door.asked.filter((one) => one.method === 'POST').length
    expect(posts()).toBe(2)
    door.peer.turn('connected')
    tell({ meeting: 'cameras', kind: 'closed', session: 's_2', reason: 'replaced' })
    await pass(60_000)
    expect([watching.taken.value, posts()]).toEqual([true, 2])
    watching.again()
    await pass()
    expect(posts()).toBe(3)
    close()
  })

  it('hears nothing until it is told to, in each session anew, and no camera that is not shown', async () => {
    const { door, heard, watching, tell, hello, pass, close } = page()
    watching.show([A, B])
    await pass()
    door.peer.turn('connected')
    hello()
    await pass()
    expect([heard, watching.listening.value, watching.sounds.length]).toEqual([[], null, 1])
    watching.listen(A)
    await pass()
    expect([heard.at(-1), watching.listening.value]).toEqual([{ session: 's_1', camera: A }, A])
    tell({ meeting: 'cameras', kind: 'closed', session: 's_1', reason: 'ended' })
    await pass(5_100)
    door.peer.turn('connected')
    await pass()
    expect(heard.at(-1)).toEqual({ session: 's_2', camera: A })
    // a hub that was started anew has forgotten it
    const before = heard.length
    hello()
    await pass()
    expect(heard.slice(before)).toEqual([{ session: 's_2', camera: A }])
    watching.show([B])
    await pass()
    expect([heard.at(-1), watching.listening.value]).toEqual([{ session: 's_2', camera: null }, null])
    close()
  })

  it('rests when nobody sees the page for long, and goes on when it is seen', async () => {
    const { door, watching, pass, close } = page()
    watching.show([A])
    await pass()
    door.peer.turn('connected')
    const seen = vi.spyOn(document, 'visibilityState', 'get')
    seen.mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(30_000)
    expect(watching.rests.value).toBe(false)
    await pass(31_000)
    expect([watching.rests.value, watching.line.value]).toEqual([true, 'stopped'])
    seen.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    await pass()
    expect([watching.rests.value, watching.line.value]).toEqual([false, 'connecting'])
    seen.mockRestore()
    close()
  })

  it('gives way to what shows cameras over it, and goes on when that is closed', async () => {
    const { door, watching, pass, close } = page()
    watching.show([A])
    await pass()
    door.peer.turn('connected')
    const over = page()
    over.watching.show([B])
    await pass()
    expect([watching.line.value, over.watching.line.value]).toEqual(['stopped', 'connecting'])
    watching.show([A, C])
    await pass(10_000)
    expect(watching.line.value).toBe('stopped')
    over.close()
    await pass()
    expect(watching.line.value).toBe('connecting')
    close()
  })
})

describe('the cameras of a center', () => {
  it('show what has a picture first, then what matters, then its own', () => {
    const one = (camera: string, name: string, more: object = {}): CameraHere => ({ camera, name, center: '1', important: false, facts: { state: 'ok' }, ...more }) as unknown as CameraHere
    const all = [one(A, '乙', { center: '2' }), one(B, '丙', { important: true, facts: { state: 'away' } }), one(C, '丁'), one(D, '甲', { center: '2', important: true }), one(E, '丙', { facts: { state: 'unknown' } })]
    expect(mostTelling(all, '1').map((each) => each.camera)).toEqual([D, E, C, A, B])
  })
})
