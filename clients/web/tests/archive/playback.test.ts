/** What the synchronised player must keep: one clock, small drift, one waits for all, exact jumps. */
import { describe, expect, it, vi } from 'vitest'

import { correctedRate, isNear, placeOf, SyncPlayer, type PartSpan } from '@/pages/archive/playback'

import { FakeMedia, Timer } from './fakemedia'

function part(id: string, offsetMs: number, durationMs: number | null, more: Partial<PartSpan> = {}): PartSpan {
  return { id, participant: `a_${id}`, offsetMs, durationMs, playable: true, ...more }
}

function stage(spans: PartSpan[], totalMs = 120_000) {
  const timer = new Timer()
  const blocked = vi.fn()
  const player = new SyncPlayer(timer.now, blocked)
  const media = new Map<string, FakeMedia>()
  player.setLength(totalMs, false)
  player.setParts(spans)
  for (const span of spans) {
    const element = new FakeMedia(timer, (span.durationMs ?? 600_000) / 1000)
    media.set(span.id, element)
    player.attach(span.id, element)
  }
  const run = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 20) {
      timer.ms += 20
      for (const element of media.values()) element.advance(20)
      if (passed % 100 === 0) player.tick()
    }
  }
  const get = (id: string): FakeMedia => {
    const found = media.get(id)
    if (!found) throw new Error(`no part ${id}`)
    return found
  }
  const driftMs = (span: PartSpan): number =>
    Math.abs(get(span.id).currentTime * 1000 + span.offsetMs - player.positionMs)
  return { player, run, get, driftMs, blocked, timer }
}

describe('SyncPlayer', () => {
  it('plays parts with different offsets in step', () => {
    const a = part('a', 0, 100_000)
    const b = part('b', 12_345, 80_000)
    const { player, run, driftMs, get } = stage([a, b])
    player.seek(20_000)
    player.play()
    run(5_000)
    expect(player.positionMs).toBeGreaterThan(24_500)
    expect(driftMs(a)).toBeLessThan(50)
    expect(driftMs(b)).toBeLessThan(50)
    expect(get('b').currentTime * 1000).toBeCloseTo(player.positionMs - 12_345, -2)
  })

  it('lets a slow and a fast element come back into step by rate alone', () => {
    const a = part('a', 0, 100_000)
    const b = part('b', 0, 100_000)
    const { player, run, driftMs, get } = stage([a, b])
    get('a').skew = 1.02
    get('b').skew = 0.98
    player.play()
    run(1_000)
    const seeks = get('a').seeks.length + get('b').seeks.length
    run(30_000)
    expect(driftMs(a)).toBeLessThan(60)
    expect(driftMs(b)).toBeLessThan(60)
    expect(get('a').seeks.length + get('b').seeks.length).toBe(seeks)
  })

  it('seeks an element that is further than 150 ms away', () => {
    const a = part('a', 0, 100_000)
    const { player, run, get, driftMs } = stage([a])
    player.play()
    run(1_000)
    get('a').currentTime = 7
    get('a').seeks = []
    run(300)
    expect(get('a').seeks).toHaveLength(1)
    run(1_000)
    expect(driftMs(a)).toBeLessThan(60)
  })

  it('jumps to a moment exactly while standing still', () => {
    const a = part('a', 0, 100_000)
    const b = part('b', 10_000, 80_000)
    const { player, run, get } = stage([a, b])
    player.seek(42_195)
    run(500)
    expect(player.state).toBe('paused')
    expect(get('a').currentTime).toBeCloseTo(42.195, 3)
    expect(get('b').currentTime).toBeCloseTo(32.195, 3)
  })

  it('stays within 0.2 s of a jump once the pictures are there', () => {
    const a = part('a', 0, 100_000)
    const { player, run, driftMs, timer } = stage([a])
    player.play()
    run(2_000)
    player.seek(60_000)
    const before = timer.ms
    run(400)
    expect(player.state).toBe('playing')
    expect(player.positionMs - 60_000).toBeLessThan(timer.ms - before)
    expect(driftMs(a)).toBeLessThan(200)
  })

  it('sends an element to a moment once, and all others wait for it there', () => {
    const spans = [part('a', 0, 100_000), part('b', 0, 100_000)]
    const { player, run, get, timer } = stage(spans)
    player.play()
    run(2_000)
    for (const { id } of spans) get(id).seeks = []
    player.seek(60_000)
    // a busy machine: the next tick comes late
    timer.ms += 90
    player.tick()
    expect(player.positionMs).toBe(60_000)
    run(2_000)
    expect(spans.map(({ id }) => get(id).seeks)).toEqual([[60], [60]])
    expect(player.state).toBe('playing')
  })

  it('waits for a browser that starts pictures late, and sends none after what was not shown', () => {
    const spans = [part('a', 0, 100_000), part('b', 0, 100_000)]
    const { player, run, get, driftMs } = stage(spans)
    get('a').startTakesMs = 400
    get('b').startTakesMs = 480
    player.play()
    run(3_000)
    expect(spans.map(({ id }) => get(id).seeks)).toEqual([[], []])
    expect(player.positionMs).toBeGreaterThan(2_400)
    for (const span of spans) expect(driftMs(span)).toBeLessThan(60)
  })

  it('jumps right after it was started', () => {
    const { player, run, get } = stage([part('a', 0, 100_000)])
    get('a').startTakesMs = 300
    player.play()
    run(200)
    player.seek(40_000)
    run(100)
    player.seek(60_000)
    run(1_000)
    expect(get('a').seeks).toEqual([40, 60])
    expect(player.positionMs).toBeGreaterThan(60_000)
  })

  it('sends a picture on that stands though it was started', () => {
    const { player, run, get } = stage([part('a', 0, 100_000)])
    get('a').startTakesMs = 60_000
    player.play()
    run(3_000)
    expect(get('a').seeks.length).toBeGreaterThan(0)
  })

  it('holds everybody while one waits for bytes, and goes on when they come', () => {
    const a = part('a', 0, 100_000)
    const b = part('b', 0, 100_000)
    const { player, run, get } = stage([a, b])
    player.play()
    run(2_000)
    get('b').buffered = false
    run(300)
    const held = player.positionMs
    expect(player.state).toBe('waiting')
    expect(player.partState('b')).toBe('waiting')
    expect(get('a').paused).toBe(true)
    run(1_000)
    expect(player.positionMs).toBe(held)
    get('b').buffered = true
    run(500)
    expect(player.state).toBe('playing')
    expect(get('a').paused).toBe(false)
  })

  it('sets a part aside that never gets its bytes, and tries it again after a jump', () => {
    const a = part('a', 0, 100_000)
    const b = part('b', 0, 100_000)
    const { player, run, get } = stage([a, b])
    get('b').buffered = false
    player.play()
    run(9_500)
    expect(player.partState('b')).toBe('failed')
    expect(player.state).toBe('playing')
    get('b').buffered = true
    player.seek(30_000)
    run(400)
    expect(player.partState('b')).toBe('playing')
  })

  it('does not wait for a part that cannot be read', () => {
    const { player, run, get } = stage([part('a', 0, 100_000), part('b', 0, 100_000)])
    get('b').error = { code: 4 }
    player.play()
    run(500)
    expect(player.partState('b')).toBe('failed')
    expect(player.state).toBe('playing')
  })

  it('starts a part when the clock reaches it and stops it at its end', () => {
    const { player, run, get } = stage([part('a', 0, 100_000), part('b', 5_000, 3_000)])
    player.play()
    run(4_000)
    expect(player.partState('b')).toBe('before')
    expect(get('b').paused).toBe(true)
    run(2_500)
    expect(player.partState('b')).toBe('playing')
    expect(get('b').paused).toBe(false)
    run(3_000)
    expect(player.partState('b')).toBe('after')
    expect(get('b').paused).toBe(true)
  })

  it('says that a growing part ends for now, and does not wait for it', () => {
    const { player, run, get } = stage([part('a', 0, 100_000), part('b', 0, null)])
    Object.defineProperty(get('b'), 'duration', { value: 3 })
    player.play()
    run(5_000)
    expect(player.partState('b')).toBe('growing')
    expect(player.state).toBe('playing')
  })

  it('keeps time with nothing recorded at all', () => {
    const { player, run } = stage([], 10_000)
    player.play()
    run(4_000)
    expect(Math.round(player.positionMs / 100)).toBe(40)
    run(7_000)
    expect(player.state).toBe('ended')
    expect(player.positionMs).toBe(10_000)
  })

  it('ends at once when it is sent to the very end, and begins again only when asked to play', () => {
    const { player, run } = stage([], 10_000)
    player.play()
    player.seek(10_000)
    run(300)
    expect([player.state, player.positionMs]).toEqual(['ended', 10_000])
    player.play()
    run(300)
    expect(player.state).toBe('playing')
    expect(player.positionMs).toBeLessThan(1_000)
  })

  it('goes on at double and half speed from where it stands', () => {
    const a = part('a', 0, 100_000)
    const { player, run, driftMs } = stage([a])
    player.play()
    run(2_000)
    const at = player.positionMs
    player.setRate(2)
    run(2_000)
    expect(player.positionMs - at).toBeGreaterThan(3_700)
    expect(driftMs(a)).toBeLessThan(120)
    player.setRate(0.5)
    const slow = player.positionMs
    run(2_000)
    expect(player.positionMs - slow).toBeLessThan(1_050)
  })

  it('shows pictures without sound when the browser wants a gesture first, and says so once', async () => {
    const { player, run, get, blocked } = stage([part('a', 0, 100_000), part('b', 0, 100_000)])
    for (const id of ['a', 'b']) get(id).refusal = Object.assign(new Error('no gesture'), { name: 'NotAllowedError' })
    player.play()
    run(300)
    await Promise.resolve()
    await Promise.resolve()
    run(300)
    expect(blocked).toHaveBeenCalledTimes(1)
    expect(get('a').paused).toBe(false)
    expect(get('a').muted).toBe(true)
  })

  it('says that a lost part has no picture', () => {
    const { player, run } = stage([part('a', 0, 100_000, { playable: false })])
    player.play()
    run(500)
    expect(player.partState('a')).toBe('missing')
    expect(player.state).toBe('playing')
  })
})

describe('placeOf and isNear', () => {
  it('knows before, within and after', () => {
    const span = part('a', 1_000, 2_000)
    expect(placeOf(span, 999)).toBe('before')
    expect(placeOf(span, 1_500)).toEqual({ second: 0.5 })
    expect(placeOf(span, 3_000)).toBe('after')
    expect(placeOf(part('a', 0, null), 1e9)).toEqual({ second: 1e6 })
  })

  it('loads a part shortly before it begins and lets it go after its end', () => {
    const span = part('a', 60_000, 10_000)
    expect([0, 50_000, 65_000, 80_000, 90_000].map((at) => isNear(span, at))).toEqual([false, true, true, true, false])
    expect(isNear(part('a', 0, 1_000, { playable: false }), 500)).toBe(false)
  })
})

describe('correctedRate', () => {
  it('leaves small drift alone and never changes the speed by more than a tenth', () => {
    expect(correctedRate(1, 10)).toBe(1)
    expect(correctedRate(1, 80)).toBeCloseTo(0.92)
    expect(correctedRate(2, -80)).toBeCloseTo(2.16)
    expect(correctedRate(1, 5_000)).toBeCloseTo(0.9)
  })
})
