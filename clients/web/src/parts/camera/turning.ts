/** Turning a camera from a page: a held key is said again and again, and whatever lets go of it stops the camera at once. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { Refused } from '@/protocol/refusal'
import type { CameraHand, Preset, TurningEvent } from '@/protocol/types'
import type { Live } from '@/state/live'

/** A held key is said again after so long (ms); the hub ends a move half a second after it was said last. */
export const AGAIN_MS = 200

/** Where to: pan to the right, tilt up, zoom in; -1, 0 or 1 each. */
export interface Way {
  readonly pan: -1 | 0 | 1
  readonly tilt: -1 | 0 | 1
  readonly zoom: -1 | 0 | 1
}
export const STILL: Way = { pan: 0, tilt: 0, zoom: 0 }
/** Full speed is 1. */
export const SPEEDS = { slow: 0.15, middle: 0.4, fast: 1 } as const
export type Speed = keyof typeof SPEEDS

export interface Turning {
  /** Whose hand it is under; null: nobody's; undefined: not known yet. */
  readonly hand: Readonly<Ref<CameraHand | null | undefined>>
  readonly mine: ComputedRef<boolean>
  /** The camera turns, by whose hand ever. */
  readonly moving: Readonly<Ref<boolean>>
  /** Where one turns it oneself at this moment. */
  readonly way: Readonly<Ref<Way>>
  readonly speed: Ref<Speed>
  /** The word key of why it does not turn: of the hub's refusal, or of the camera's. */
  readonly problem: Readonly<Ref<string | undefined>>
  readonly presets: Readonly<Ref<readonly Direction[] | undefined>>
  /** The word key of why they could not be read. */
  readonly unread: Readonly<Ref<string | undefined>>
  hold: (way: Way) => void
  stop: () => void
  recall: (preset: string) => void
  /** Change what the camera remembers: where it looks now, under a name, as a new one or in the place of `preset`; another name; no more. Whether it did. */
  remember: (name: string, preset?: string) => Promise<boolean>
  rename: (preset: string, name: string) => Promise<boolean>
  forget: (preset: string) => Promise<boolean>
  /** Ask again for what it remembers. */
  readAgain: () => void
  take: () => void
  release: () => void
}

/** A direction that the camera remembers; `stops`: at so many stops of patrols it is turned there. */
export type Direction = Pick<Preset, 'token' | 'name'> & { readonly stops?: number }
type Answer = { readonly hand: CameraHand | null; readonly presets?: readonly Preset[] }
export type ReadPresets = (camera: string) => Promise<readonly Direction[]>

/** What a camera itself gives as its reason (the field of `unavailable`). */
const REASONS: ReadonlySet<string> = new Set(['credentials', 'not_offered', 'unreachable', 'malformed', 'not_allowed'])
function whyNot(error: unknown): string {
  if (error instanceof Refused && error.field === 'name') return error.code === 'conflict' ? 'ptz.why.named' : 'ptz.why.name'
  if (error instanceof Refused && error.field === 'preset') return 'ptz.why.forgotten'
  if (error instanceof Refused && error.code === 'unavailable' && REASONS.has(error.field ?? '')) return `ptz.why.${error.field ?? ''}`
  return explanation(error)
}

/** Lives as long as the calling scope; whoever leaves the page lets go of the camera. */
export function useTurning(live: Pick<Live, 'socket'>, camera: () => string, me: string, read: ReadPresets): Turning {
  const hand = shallowRef<CameraHand | null>()
  const moving = ref(false)
  const way = shallowRef<Way>(STILL)
  const speed = ref<Speed>('middle')
  const problem = ref<string>()
  const presets = shallowRef<readonly Direction[]>()
  const unread = ref<string>()
  let timer: ReturnType<typeof setInterval> | undefined
  /** A move that is on its way is not said twice: on a slow line they would queue, and turn on after the key is up. */
  let saying = false

  async function ask(what: string, more: Record<string, unknown> = {}, of = camera()): Promise<boolean> {
    try {
      const answer = await live.socket.call<Answer>('turn', { camera: of, do: what, ...more })
      if (of === camera()) {
        hand.value = answer.hand
        if (answer.presets !== undefined) presets.value = withStops(answer.presets)
        if (what !== 'look') problem.value = undefined
      }
      return true
    } catch (error) {
      if (of === camera() && what !== 'look') problem.value = whyNot(error)
      return false
    }
  }

  async function say(): Promise<void> {
    if (saying || way.value === STILL) return
    saying = true
    const factor = SPEEDS[speed.value]
    const { pan, tilt, zoom } = way.value
    const done = await ask('move', { pan: pan * factor, tilt: tilt * factor, zoom: zoom * factor })
    saying = false
    if (!done) rest()
  }
  function rest(): void {
    clearInterval(timer)
    timer = undefined
    way.value = STILL
  }
  function hold(next: Way): void {
    if (next.pan === 0 && next.tilt === 0 && next.zoom === 0) {
      stop()
      return
    }
    way.value = next
    void say()
    timer ??= setInterval(() => void say(), AGAIN_MS)
  }
  function stop(of = camera()): void {
    if (way.value === STILL) return
    rest()
    void ask('stop', {}, of)
  }
  async function begin(): Promise<void> {
    hand.value = undefined
    moving.value = false
    problem.value = undefined
    presets.value = undefined
    unread.value = undefined
    await learn()
  }
  /** Whose hand it is under and what it remembers; where the line is not there yet, again with the next greeting. */
  async function learn(): Promise<void> {
    if ((await ask('look')) && presets.value === undefined) await readThem()
  }
  async function readThem(): Promise<void> {
    const of = camera()
    try {
      const found = await read(of)
      if (of !== camera()) return
      presets.value = found
      unread.value = undefined
    } catch (error) {
      if (of === camera()) unread.value = whyNot(error)
    }
  }
  /** An answer to a change does not say at how many stops each is used; what was known of it stays. */
  function withStops(found: readonly Preset[]): Direction[] {
    const known = new Map(presets.value?.map((one) => [one.token, one.stops]))
    return found.map((one) => ({ ...one, stops: known.get(one.token) ?? 0 }))
  }

  const offs = [
    live.socket.on('media', (event) => {
      if (event.kind !== 'turning' || event.camera !== camera()) return
      heard(event)
    }),
    live.socket.on('state', (state) => {
      if (state !== 'online') rest() // the hub has stopped it already
    }),
    live.socket.on('hello', () => void learn()),
  ]
  function heard(event: TurningEvent): void {
    const had = hand.value?.account === me
    hand.value = event.hand
    moving.value = event.moving
    if (event.presets && event.hand?.account !== me) void readThem()
    if (event.refused !== '') {
      problem.value = `ptz.why.${event.refused}`
      rest()
    } else if (had && event.hand !== null && event.hand.account !== me) {
      problem.value = 'ptz.why.taken'
      rest()
    }
  }

  /** Whoever looks elsewhere holds no key any more. */
  const away = (): void => { stop() }
  const hidden = (): void => { if (document.visibilityState === 'hidden') stop() }
  window.addEventListener('blur', away)
  document.addEventListener('visibilitychange', hidden)
  watch(camera, (_, before) => {
    stop(before)
    if (hand.value?.account === me) void ask('release', {}, before)
    void begin()
  })
  onScopeDispose(() => {
    window.removeEventListener('blur', away)
    document.removeEventListener('visibilitychange', hidden)
    for (const off of offs) off()
    stop()
    if (hand.value?.account === me) void ask('release')
  })
  void begin()

  return {
    hand,
    mine: computed(() => hand.value?.account === me),
    moving,
    way,
    speed,
    problem,
    presets,
    unread,
    hold,
    stop: () => { stop() },
    recall: (preset) => void ask('recall', { preset }),
    remember: async (name, preset = '') => ask('remember', { name, preset }),
    rename: async (preset, name) => ask('rename', { name, preset }),
    forget: async (preset) => ask('forget', { preset }),
    readAgain: () => {
      unread.value = undefined
      void readThem()
    },
    take: () => void ask('take'),
    release: () => {
      stop()
      void ask('release')
    },
  }
}

/** What the keys mean that are held down now. */
export function wayOf(keys: ReadonlySet<string>): Way {
  const one = (plus: string[], minus: string[]): -1 | 0 | 1 => {
    const up = plus.some((key) => keys.has(key))
    const down = minus.some((key) => keys.has(key))
    return up === down ? 0 : up ? 1 : -1
  }
  return { pan: one(['ArrowRight'], ['ArrowLeft']), tilt: one(['ArrowUp'], ['ArrowDown']), zoom: one(['+', '='], ['-']) }
}
export const TURNING_KEYS: ReadonlySet<string> = new Set(['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', '+', '=', '-'])
