// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'

import { whenAwake } from '@/state/awake'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('a machine that slept, another network and a page that is looked at again are noticed, and nothing after the page', async () => {
  const scope = effectScope()
  let noticed = 0
  scope.run(() => {
    whenAwake(() => (noticed += 1))
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(noticed).toBe(0)
  vi.setSystemTime(Date.now() + 60_000)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(noticed).toBe(1)
  window.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('pageshow'))
  expect(noticed).toBe(4)
  scope.stop()
  window.dispatchEvent(new Event('online'))
  vi.setSystemTime(Date.now() + 60_000)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(noticed).toBe(4)
})
