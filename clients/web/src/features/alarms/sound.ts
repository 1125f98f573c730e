/** The one tone of a new alarm: as loud as this machine has it, when the browser lets it, and said in words where it is silent. */
import { onScopeDispose, ref, type Ref } from 'vue'

import { Bell, type Note } from '@/parts/tone'

export const LOUDNESS = ['loud', 'soft', 'off'] as const
export type Loudness = (typeof LOUDNESS)[number]

/** Two low tones: heard beside voices, unlike any ring. */
const CRITICAL: readonly Note[] = [
  { hz: 440, at: 0, seconds: 0.25 },
  { hz: 349, at: 0.3, seconds: 0.4 },
]
const WARNING: readonly Note[] = [{ hz: 392, at: 0, seconds: 0.25 }]

const GAIN: Readonly<Record<Loudness, number>> = { loud: 0.3, soft: 0.08, off: 0 }
const STORED = 'lianxian.alarms.sound'
/** So long (ms) a browser takes to say that it lets a page sound. */
const ALLOWED_MS = 600
/** A tone that waited longer (ms) for the first press on the page is not played any more. */
const LATE_MS = 60_000

export interface AlarmSound {
  readonly loudness: Readonly<Ref<Loudness>>
  /** Whether the browser keeps it silent until somebody presses a key. */
  readonly blocked: Readonly<Ref<boolean>>
  ring: (severity: 'critical' | 'warning') => void
  /** The next loudness; it is heard at once. */
  turn: () => void
  /** In a press of a key: from then on the browser lets it. */
  allow: () => void
}

function stored(): Loudness {
  const found = localStorage.getItem(STORED)
  return LOUDNESS.find((one) => one === found) ?? 'loud'
}

/** For the life of the calling scope. */
export function useAlarmSound(bell: Bell = new Bell()): AlarmSound {
  const loudness = ref<Loudness>(stored())
  const blocked = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  function play(severity: 'critical' | 'warning'): void {
    if (GAIN[loudness.value] > 0) bell.play(severity === 'critical' ? CRITICAL : WARNING, GAIN[loudness.value])
  }
  function ring(severity: 'critical' | 'warning'): void {
    if (bell.audio() === null) return
    const since = Date.now()
    clearTimeout(timer)
    timer = setTimeout(() => (blocked.value = !bell.allowed), ALLOWED_MS)
    void bell.wake().then(() => {
      blocked.value = !bell.allowed
      if (Date.now() - since < LATE_MS) play(severity)
    })
  }
  const pressed = (): void => {
    if (!blocked.value) return
    void bell.wake().then(() => (blocked.value = !bell.allowed))
  }
  document.addEventListener('pointerdown', pressed)
  document.addEventListener('keydown', pressed)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('pointerdown', pressed)
    document.removeEventListener('keydown', pressed)
    bell.close()
  })
  return {
    loudness,
    blocked,
    ring,
    turn() {
      loudness.value = LOUDNESS[(LOUDNESS.indexOf(loudness.value) + 1) % LOUDNESS.length] ?? 'loud'
      localStorage.setItem(STORED, loudness.value)
      void bell.wake().then(() => {
        play('critical')
      })
    },
    allow: pressed,
  }
}
