/** The end of the session that this page works in: whatever notices it first says it here, and all that captures or shows stops at once. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

/** Keys of `common.ended.reason`; `unknown`: the hub knows the session no longer and did not say why. */
export type EndReason = 'signed_out' | 'disabled' | 'changed' | 'expired' | 'unknown'

const REASONS: ReadonlySet<string> = new Set(['signed_out', 'disabled', 'changed', 'expired'])
const reason = shallowRef<EndReason>()
const listeners = new Set<() => void>()
let signedIn = false

/** Why the session is over; undefined while it stands, and where nobody was signed in. */
export const sessionEnd: Readonly<Ref<EndReason | undefined>> = reason

/** A session begins on this page. */
export function sessionBegins(): void {
  signedIn = true
  reason.value = undefined
}

/** The person leaves it here: what comes after is no news. */
export function sessionLeft(): void {
  signedIn = false
}

/** The session is over. Only the first to say so is heard, and only while somebody is signed in. */
export function sessionEnds(why: string): void {
  if (!signedIn) return
  signedIn = false
  reason.value = REASONS.has(why) ? (why as EndReason) : 'unknown'
  for (const listener of [...listeners]) listener()
}

/** The person has read it and signs in again. */
export function sessionEndRead(): void {
  reason.value = undefined
}

/** In the same tick in which the session ends; for the life of the calling scope. */
export function whenSessionEnds(what: () => void): void {
  listeners.add(what)
  onScopeDispose(() => listeners.delete(what), true)
}
