// @vitest-environment jsdom
/** A desk locks by itself, in every tab, for its own account; signs of a person put it off, the password opens it. */
import { effectScope, shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { type DeskLock, useDeskLock } from '@/state/deskLock'

let now = 0
const scopes: { stop: () => void }[] = []
function desk(minutes: number, account = 'a_1'): { lock: DeskLock; minutes: { value: number } } {
  const policy = shallowRef(minutes)
  const scope = effectScope()
  scopes.push(scope)
  const lock = scope.run(() => useDeskLock(account, policy, () => now)) as DeskLock
  return { lock, minutes: policy }
}
function later(seconds: number): void {
  now += seconds * 1000
  vi.advanceTimersByTime(1_000)
}

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  now = 0
})
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  vi.useRealTimers()
})

describe('the lock of a desk', () => {
  it('comes after the minutes of the policy without a sign, and not before', () => {
    const { lock } = desk(5)
    later(299)
    expect(lock.locked.value).toBe(false)
    window.dispatchEvent(new Event('pointermove'))
    later(299)
    expect(lock.locked.value).toBe(false)
    later(2)
    expect(lock.locked.value).toBe(true)
  })

  it('outlives a reload and is opened by the password alone', () => {
    desk(1)
    later(61)
    const again = desk(1)
    expect(again.lock.locked.value).toBe(true)
    window.dispatchEvent(new Event('keydown'))
    expect(again.lock.locked.value).toBe(true)
    again.lock.open()
    expect(again.lock.locked.value).toBe(false)
    expect(desk(1).lock.locked.value).toBe(false)
  })

  it("is told to other tabs, and somebody else's is none of one's own", () => {
    const { lock } = desk(1)
    window.dispatchEvent(new StorageEvent('storage', { key: 'lianxian.locked', newValue: 'a_2' }))
    expect(lock.locked.value).toBe(false)
    window.dispatchEvent(new StorageEvent('storage', { key: 'lianxian.locked', newValue: 'a_1' }))
    expect(lock.locked.value).toBe(true)
    window.dispatchEvent(new StorageEvent('storage', { key: 'lianxian.locked', newValue: null }))
    expect(lock.locked.value).toBe(false)
  })

  it('never comes where the policy has none, and goes when the policy is taken back', async () => {
    const { lock, minutes } = desk(0)
    later(100_000)
    expect(lock.locked.value).toBe(false)
    minutes.value = 1
    await Promise.resolve()
    later(61)
    expect(lock.locked.value).toBe(true)
    minutes.value = 0
    await Promise.resolve()
    expect(lock.locked.value).toBe(false)
  })
})
