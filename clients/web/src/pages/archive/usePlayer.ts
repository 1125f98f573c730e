/** The synchronised player on a page: its clock as refs, its parts as the record tells, ten ticks a second and one whenever an element tells something. */
import { computed, onBeforeUnmount, type Ref, ref, shallowRef, watch } from 'vue'

import type { Part } from '@/protocol/types'

import { isNear, type PartSpan, type PartState, type PlayerState, SyncPlayer } from './playback'

const TICK_MS = 100
/** What elements tell that everybody may have waited for, or that everybody has to wait for. */
const TELLING = ['seeked', 'canplay', 'playing', 'waiting', 'error'] as const

/** A part as the player sees it: no end while it is recorded, nothing to play where there is no file. */
export function spanOf(part: Part): PartSpan {
  return {
    id: part.id,
    participant: part.participant,
    offsetMs: part.offset_ms,
    durationMs: part.state === 'recording' ? null : (part.duration_ms ?? 0),
    playable: part.media !== null,
  }
}

export function usePlayer(parts: Readonly<Ref<readonly Part[]>>, lengthMs: Readonly<Ref<number>>, live: Readonly<Ref<boolean>>) {
  const positionMs = ref(0)
  const state = ref<PlayerState>('paused')
  const rate = ref(1)
  /** The browser wants a press before it lets sound through. */
  const blocked = ref(false)
  const states = shallowRef<Readonly<Record<string, PartState>>>({})
  const near = shallowRef<ReadonlySet<string>>(new Set())

  const player = new SyncPlayer(
    () => performance.now(),
    () => (blocked.value = true),
  )

  function show(): void {
    positionMs.value = player.positionMs
    state.value = player.state
    const fresh: Record<string, PartState> = {}
    const close = new Set<string>()
    for (const part of parts.value) {
      fresh[part.id] = player.partState(part.id)
      if (isNear(spanOf(part), player.positionMs)) close.add(part.id)
    }
    if (Object.entries(fresh).some(([id, one]) => states.value[id] !== one)) states.value = fresh
    if (close.size !== near.value.size || [...close].some((id) => !near.value.has(id))) near.value = close
  }
  function step(): void {
    player.tick()
    show()
  }

  watch(
    [parts, lengthMs, live],
    () => {
      player.setLength(lengthMs.value, live.value)
      player.setParts(parts.value.map(spanOf))
      step()
    },
    { immediate: true },
  )
  const timer = setInterval(step, TICK_MS)
  const heard = new Map<string, HTMLMediaElement>()
  function leave(id: string): void {
    for (const event of TELLING) heard.get(id)?.removeEventListener(event, step)
    heard.delete(id)
  }
  onBeforeUnmount(() => {
    clearInterval(timer)
  })

  return {
    positionMs,
    lengthMs,
    state,
    rate,
    blocked,
    states,
    near,
    running: computed(() => state.value === 'playing' || state.value === 'waiting'),
    attach: (id: string, media: HTMLMediaElement) => {
      player.attach(id, media)
      leave(id)
      heard.set(id, media)
      for (const event of TELLING) media.addEventListener(event, step)
    },
    detach: (id: string) => {
      leave(id)
      player.detach(id)
    },
    play: () => {
      player.play()
      show()
    },
    pause: () => {
      player.pause()
      show()
    },
    /** A press happened: sound is allowed from now on. */
    unblock: () => {
      blocked.value = false
      player.unblock()
    },
    seek: (toMs: number) => {
      player.seek(toMs)
      show()
    },
    setRate: (value: number) => {
      rate.value = value
      player.setRate(value)
    },
  }
}

export type Player = ReturnType<typeof usePlayer>
