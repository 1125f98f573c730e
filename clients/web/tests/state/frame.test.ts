/** Work once a frame, also where nobody sees the page. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { makeFrame } from '@/state/frame'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('does what was asked for several times once, with the next picture', () => {
  const pictures: (() => void)[] = []
  vi.stubGlobal('requestAnimationFrame', (work: () => void) => pictures.push(work))
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
  const work = vi.fn()
  const frame = makeFrame()
  frame.soon(work)
  frame.soon(work)
  expect(pictures.length).toBe(1)
  expect(work).not.toHaveBeenCalled()
  pictures[0]?.()
  expect(work).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(1000)
  expect(work).toHaveBeenCalledOnce()
})

it('waits for no picture in a tab that nobody sees', () => {
  vi.stubGlobal('requestAnimationFrame', () => 1)
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
  const work = vi.fn()
  makeFrame().soon(work)
  vi.advanceTimersByTime(200)
  expect(work).toHaveBeenCalledOnce()
})

it('does nothing more once it was stopped', () => {
  const work = vi.fn()
  const frame = makeFrame()
  frame.soon(work)
  frame.stop()
  vi.advanceTimersByTime(1000)
  expect(work).not.toHaveBeenCalled()
})
