/** What to do about a device that does not work: which advice, about what, and for which kind of machine. Pure. */
import type { DeviceState } from '@/protocol/types'

/** Two sentences and a picture each, by kind of machine. `lost`: it worked, went away, and is being asked for again. */
export type AdviceWord = 'denied' | 'busy' | 'lost' | 'failed' | 'none' | 'insecure'
/** What the advice is about: a word of `station.advice.what`. */
export type What = 'camera' | 'microphone' | 'both'
/** Nobody plugs a camera into a telephone. */
export type Machine = 'hand' | 'desk'

export interface Advice {
  readonly word: AdviceWord
  readonly what: What
}

export interface DeviceFacts {
  readonly camera: DeviceState
  readonly microphone: DeviceState
  readonly lost: { readonly camera: boolean; readonly microphone: boolean }
  /** Whether the page came by https (or from this machine): browsers give devices to no other. */
  readonly secure: boolean
}

/** The trouble that can be mended first, or null when all works or is off by wish. */
export function adviceFor({ camera, microphone, lost, secure }: DeviceFacts): Advice | null {
  const word = (state: DeviceState, isLost: boolean): AdviceWord | null => {
    if (state === 'on' || state === 'off') return null
    if (!secure && (state === 'failed' || state === 'none')) return 'insecure'
    return isLost && state !== 'denied' ? 'lost' : state
  }
  const [cam, mic] = [word(camera, lost.camera), word(microphone, lost.microphone)]
  for (const one of ['insecure', 'denied', 'lost', 'busy', 'failed', 'none'] as const) {
    if (cam !== one && mic !== one) continue
    return { word: one, what: cam === mic ? 'both' : cam === one ? 'camera' : 'microphone' }
  }
  return null
}

/** What of `navigator` tells a telephone or tablet from a desk. */
export interface Browser {
  readonly userAgent: string
  readonly maxTouchPoints: number
  readonly userAgentData?: { readonly mobile: boolean }
}

export function machineOf({ userAgent, maxTouchPoints, userAgentData }: Browser): Machine {
  if (userAgentData?.mobile === true || /Android|iPhone|iPad|Mobile|HarmonyOS/i.test(userAgent)) return 'hand'
  // a tablet of Apple calls itself a Macintosh; no Macintosh has a touch screen
  return userAgent.includes('Macintosh') && maxTouchPoints > 1 ? 'hand' : 'desk'
}
