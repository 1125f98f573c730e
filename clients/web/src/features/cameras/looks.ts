/** Who watched a camera from when until when, put together from the entries that tell of it a minute at a time. Pure. */
import type { CameraLook } from '@/protocol/types'

type Told = Pick<CameraLook, 'account' | 'name' | 'center' | 'begun' | 'until' | 'seconds' | 'heard'>
export type Look = Required<Told>

/** Breaks shorter than this (ms) belong to one look: who looks away for a moment has looked on. */
const BREAK_MS = 90_000

/** The latest first. `told`: the latest first, older than those that `known` was made from. */
export function looksIn(told: readonly Told[], known: readonly Look[] = []): Look[] {
  const looks = [...known]
  for (const { account, name, center, begun, until, seconds, heard = 0 } of told) {
    const at = looks.findIndex((one) => one.account === account && Date.parse(one.begun) - Date.parse(until) < BREAK_MS && Date.parse(begun) - Date.parse(one.until) < BREAK_MS)
    const other = looks[at]
    if (other === undefined) looks.push({ account, name, center, begun, until, seconds, heard })
    else looks[at] = { ...other, begun: begun < other.begun ? begun : other.begun, until: until > other.until ? until : other.until, seconds: other.seconds + seconds, heard: other.heard + heard }
  }
  return looks.sort((one, other) => (one.until < other.until ? 1 : -1))
}
