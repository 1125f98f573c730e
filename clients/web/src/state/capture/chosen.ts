/** Which devices were chosen on this machine: one choice for all pages of this browser, kept when they are closed. */
import { type Ref, shallowRef } from 'vue'

import type { Choice } from './devices'

export interface Chosen {
  /** Ids of devices, '' for any. */
  readonly camera: string
  readonly microphone: string
  readonly speaker: string
  /** Noise is taken out of one's own sound (降噪). */
  readonly quiet: boolean
}

type Name = 'camera' | 'microphone' | 'speaker'
const keyOf = (name: string): string => `lianxian.device.${name}`

function stored(name: string): string {
  try {
    // stations kept theirs under a name of their own
    return localStorage.getItem(keyOf(name)) ?? localStorage.getItem(`lianxian.station.${name}`) ?? ''
  } catch {
    return ''
  }
}
function store(name: string, value: string): void {
  try {
    localStorage.setItem(keyOf(name), value)
  } catch {
    // a browser that keeps nothing: it holds until the page is closed
  }
}

const chosen = shallowRef<Chosen>()

function read(): Chosen {
  return { camera: stored('camera'), microphone: stored('microphone'), speaker: stored('speaker'), quiet: stored('quiet') === 'on' }
}

export interface DeviceChoice {
  readonly now: Readonly<Ref<Chosen>>
  choose: (name: Name, device: string) => void
  setQuiet: (on: boolean) => void
  /** As captures ask for it. */
  readonly choice: () => Pick<Choice, 'camera' | 'microphone' | 'quiet'>
}

export function useChosen(): DeviceChoice {
  chosen.value ??= read()
  const now = chosen as Readonly<Ref<Chosen>>
  return {
    now,
    choose(name, device) {
      chosen.value = { ...now.value, [name]: device }
      store(name, device)
    },
    setQuiet(on) {
      chosen.value = { ...now.value, quiet: on }
      store('quiet', on ? 'on' : 'off')
    },
    choice: () => ({ camera: now.value.camera || null, microphone: now.value.microphone || null, quiet: now.value.quiet }),
  }
}

/** For tests: read anew what is stored. */
export function forgetChosen(): void {
  chosen.value = undefined
}
