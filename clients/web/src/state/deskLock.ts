/** The lock of a desk that nobody sits at: after some minutes without key or pointer, in every tab of this browser, until the password is given. */
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'

const STORED = 'lianxian.locked'
/** So often (ms) it is looked whether it is time. */
const LOOK_MS = 1_000
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

/** Whether this browser's desk of this account is locked now. */
export function lockedFor(account: string): boolean {
  return localStorage.getItem(STORED) === account
}

export interface DeskLock {
  readonly locked: Readonly<Ref<boolean>>
  /** The password was right: every tab is open again. */
  open: () => void
}

/** `account`: whose desk it is, so that somebody else's lock is none of his. `minutes`: 0 for never. */
export function useDeskLock(account: string, minutes: Readonly<Ref<number>>, clock: () => number = Date.now): DeskLock {
  const locked = shallowRef(lockedFor(account))
  let last = clock()
  const sign = (): void => {
    last = clock()
  }
  function lock(): void {
    localStorage.setItem(STORED, account)
    locked.value = true
  }
  /** Another tab was locked or opened. */
  function elsewhere(event: StorageEvent): void {
    if (event.key !== STORED) return
    locked.value = event.newValue === account
    sign()
  }
  const looking = setInterval(() => {
    if (!locked.value && minutes.value > 0 && clock() - last >= minutes.value * 60_000) lock()
  }, LOOK_MS)
  // whoever turned the policy off meant it for those who are locked out, too
  watch(minutes, (now, before) => {
    if (now === 0 && before !== 0) open()
  })
  function open(): void {
    localStorage.removeItem(STORED)
    locked.value = false
    sign()
  }
  for (const one of SIGNS) window.addEventListener(one, sign, { passive: true, capture: true })
  window.addEventListener('storage', elsewhere)
  onScopeDispose(() => {
    clearInterval(looking)
    for (const one of SIGNS) window.removeEventListener(one, sign, { capture: true })
    window.removeEventListener('storage', elsewhere)
  })
  return { locked, open }
}
