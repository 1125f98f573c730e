import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { AGAIN_MS, type Direction, type Turning, useTurning, wayOf } from '@/parts/camera/turning'
import { Refused } from '@/protocol/refusal'

const ME = 'a_me'
const MINE = { account: ME, name: '李某', center: '430682115210' }
const OTHER = { account: 'a_other', name: '王某', center: '430682115000' }
type Said = { camera: string; do: string; pan?: number; tilt?: number; zoom?: number; preset?: string }

class Wire {
  said: Said[] = []
  answer: () => unknown = () => ({ hand: MINE })
  private readonly handlers = new Map<string, ((event: unknown) => void)[]>()
  call = vi.fn(async (_: string, body: Said) => {
    this.said.push(body)
    return Promise.resolve(this.answer())
  })
  on = (name: string, handler: (event: never) => void): (() => void) => {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), handler as (event: unknown) => void])
    return () => this.handlers.set(name, [])
  }
  tell(name: string, event: unknown): void {
    for (const handler of this.handlers.get(name) ?? []) handler(event)
  }
  of(what: string): Said[] {
    return this.said.filter((one) => one.do === what)
  }
}

describe('turning a camera', () => {
  let scope: EffectScope
  let wire: Wire
  let turning: Turning
  let found: readonly Direction[]
  beforeEach(async () => {
    vi.useFakeTimers()
    found = [{ token: '1', name: '村口' }]
    vi.stubGlobal('window', new EventTarget())
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
    wire = new Wire()
    wire.answer = () => ({ hand: null })
    scope = effectScope()
    turning = scope.run(() => useTurning({ socket: wire as never }, () => 'ca_1', ME, () => Promise.resolve(found))) as Turning
    await vi.advanceTimersByTimeAsync(0)
    wire.answer = () => ({ hand: MINE })
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('asks at first whose hand it is under, and for what it remembers', () => {
    expect(wire.said).toEqual([{ camera: 'ca_1', do: 'look' }])
    expect(turning.hand.value).toBeNull()
    expect(turning.presets.value).toEqual([{ token: '1', name: '村口' }])
  })

  it('asks again with the next greeting where the line was not there yet', async () => {
    scope.stop()
    wire = new Wire()
    wire.answer = () => { throw new Refused('unavailable', 'no') }
    scope = effectScope()
    turning = scope.run(() => useTurning({ socket: wire as never }, () => 'ca_1', ME, () => Promise.resolve(found))) as Turning
    await vi.advanceTimersByTimeAsync(0)
    expect([turning.hand.value, turning.presets.value, turning.problem.value]).toEqual([undefined, undefined, undefined])
    wire.answer = () => ({ hand: null })
    wire.tell('hello', {})
    await vi.advanceTimersByTimeAsync(0)
    expect(turning.hand.value).toBeNull()
    expect(turning.presets.value).toHaveLength(1)
  })

  it('says a held key again and again, and stop once', async () => {
    turning.speed.value = 'fast'
    turning.hold({ pan: -1, tilt: 0, zoom: 0 })
    await vi.advanceTimersByTimeAsync(AGAIN_MS * 3 + 10)
    expect(wire.of('move')).toHaveLength(4)
    expect(wire.of('move')[0]).toMatchObject({ pan: -1, tilt: 0, zoom: 0 })
    expect(turning.mine.value).toBe(true)
    turning.stop()
    await vi.advanceTimersByTimeAsync(AGAIN_MS * 5)
    expect(wire.of('move')).toHaveLength(4)
    expect(wire.of('stop')).toHaveLength(1)
  })

  it('says no move on top of one that is not answered', async () => {
    let answered: (value: unknown) => void = () => undefined
    wire.answer = () => new Promise((resolve) => (answered = resolve))
    turning.hold({ pan: 1, tilt: 0, zoom: 0 })
    await vi.advanceTimersByTimeAsync(AGAIN_MS * 10)
    expect(wire.of('move')).toHaveLength(1)
    answered({ hand: MINE })
  })

  it('rests and says why where the hub, the camera or a higher center says no', async () => {
    wire.answer = () => { throw new Refused('conflict', 'no') }
    turning.hold({ pan: 1, tilt: 0, zoom: 0 })
    await vi.advanceTimersByTimeAsync(AGAIN_MS * 3)
    expect(wire.of('move')).toHaveLength(1)
    expect(turning.problem.value).toBe('common.refusal.conflict')
    wire.answer = () => ({ hand: MINE })
    turning.hold({ pan: 1, tilt: 0, zoom: 0 })
    await vi.advanceTimersByTimeAsync(0)
    wire.tell('media', { kind: 'turning', camera: 'ca_1', hand: OTHER, moving: false, refused: '' })
    expect(turning.problem.value).toBe('ptz.why.taken')
    wire.tell('media', { kind: 'turning', camera: 'ca_1', hand: OTHER, moving: false, refused: 'unreachable' })
    expect(turning.problem.value).toBe('ptz.why.unreachable')
    const said = wire.of('move').length
    await vi.advanceTimersByTimeAsync(AGAIN_MS * 3)
    expect(wire.of('move')).toHaveLength(said)
  })

  it.each(['blur', 'leaving', 'line'])('stops when it loses its page: %s', async (how) => {
    turning.hold({ pan: 1, tilt: 0, zoom: 0 })
    await vi.advanceTimersByTimeAsync(AGAIN_MS)
    if (how === 'blur') window.dispatchEvent(new Event('blur'))
    else if (how === 'leaving') scope.stop()
    else wire.tell('state', 'lost')
    const said = wire.of('move').length
    await vi.advanceTimersByTimeAsync(AGAIN_MS * 4)
    expect(wire.of('move')).toHaveLength(said)
    expect(wire.of('stop')).toHaveLength(how === 'line' ? 0 : 1)
    expect(wire.of('release')).toHaveLength(how === 'leaving' ? 1 : 0)
  })

  it('hears nothing of other cameras', () => {
    wire.tell('media', { kind: 'turning', camera: 'ca_2', hand: OTHER, moving: true, refused: '' })
    expect(turning.hand.value).toBeNull()
  })

  it('keeps, renames and removes directions, and takes what the answer says', async () => {
    wire.answer = () => ({ hand: MINE, presets: [{ token: '1', name: '村口', told: '村口' }, { token: '2', name: '泄洪闸', told: 'Preset 2' }] })
    expect(await turning.remember('泄洪闸')).toBe(true)
    expect(wire.of('remember')).toEqual([{ camera: 'ca_1', do: 'remember', name: '泄洪闸', preset: '' }])
    expect(turning.presets.value?.map((one) => one.name)).toEqual(['村口', '泄洪闸'])
    await turning.rename('1', '村口东')
    await turning.remember('', '2')
    await turning.forget('2')
    expect(wire.said.slice(-3)).toEqual([
      { camera: 'ca_1', do: 'rename', name: '村口东', preset: '1' },
      { camera: 'ca_1', do: 'remember', name: '', preset: '2' },
      { camera: 'ca_1', do: 'forget', preset: '2' },
    ])
  })

  it.each([
    [new Refused('conflict', 'x', 'name'), 'ptz.why.named'],
    [new Refused('invalid', 'x', 'name'), 'ptz.why.name'],
    [new Refused('not_found', 'x', 'preset'), 'ptz.why.forgotten'],
    [new Refused('unavailable', 'x', 'credentials'), 'ptz.why.credentials'],
    [new Refused('conflict', 'x', 'camera'), 'common.refusal.conflict'],
  ])('says why a direction is not kept: %s', async (refused, key) => {
    wire.answer = () => { throw refused }
    expect(await turning.remember('a')).toBe(false)
    expect(turning.problem.value).toBe(key)
  })

  it('reads directions anew when somebody else changed them', async () => {
    found = [{ token: '9', name: '大坝' }]
    wire.tell('media', { kind: 'turning', camera: 'ca_1', hand: MINE, moving: false, refused: '', presets: true })
    await vi.advanceTimersByTimeAsync(0)
    expect(turning.presets.value).toEqual([{ token: '1', name: '村口' }])
    wire.tell('media', { kind: 'turning', camera: 'ca_1', hand: OTHER, moving: false, refused: '', presets: true })
    await vi.advanceTimersByTimeAsync(0)
    expect(turning.presets.value).toEqual([{ token: '9', name: '大坝' }])
  })
})

describe('keys', () => {
  it.each([
    [['ArrowUp'], { pan: 0, tilt: 1, zoom: 0 }],
    [['ArrowUp', 'ArrowLeft'], { pan: -1, tilt: 1, zoom: 0 }],
    [['ArrowLeft', 'ArrowRight'], { pan: 0, tilt: 0, zoom: 0 }],
    [['='], { pan: 0, tilt: 0, zoom: 1 }],
    [['-', 'ArrowDown'], { pan: 0, tilt: -1, zoom: -1 }],
  ])('%j', (keys, way) => {
    expect(wayOf(new Set(keys))).toEqual(way)
  })
})
