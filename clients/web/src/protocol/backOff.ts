/** How long to wait before trying again: longer each time, anywhere within a window, so that a crowd never comes back in step. Pure. */

/** The shortest wait (ms): a hub that hangs up is not back sooner. */
const SOONEST_MS = 200
const FIRST_WINDOW_MS = 800
const LONGEST_WINDOW_MS = 5_000

/**
 * Milliseconds to wait before try number `attempt` (1 the first). `spreadMs`: within how long all pages of this hub are to
 * come back, as it last said; `chance`: from 0 below 1.
 */
export function waitMs(attempt: number, spreadMs = 0, chance = Math.random()): number {
  const window = Math.max(spreadMs, Math.min(FIRST_WINDOW_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_WINDOW_MS))
  return SOONEST_MS + (window - SOONEST_MS) * chance
}
