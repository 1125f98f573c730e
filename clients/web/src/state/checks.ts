/** Answering checks: the hub asks, the page looks at itself, each at a moment of its own. */
import { onScopeDispose } from 'vue'

import type { LineOutcome } from '@/protocol/lineCheck'
import type { CheckAskedEvent } from '@/protocol/types'

import type { AnswerPlace } from './capture/answer'
import type { Live } from './live'

/** A short try of the line, for a page that is in no call. */
export async function tryCalledLine(): Promise<LineOutcome> {
  const { CALLED_TRY, tryLine } = await import('./capture/line')
  return tryLine(CALLED_TRY)
}

/** What the page is like at the moment of the answer; null where another page of this browser answers. */
export type Place = () => AnswerPlace | null

/** Answers until the calling scope ends. `random`: 0..1. */
export function useCheckAnswers(live: Pick<Live, 'socket' | 'command' | 'can'>, place: Place, random: () => number = Math.random): void {
  const known = new Set<string>()
  const timers = new Set<ReturnType<typeof setTimeout>>()

  async function answer(check: string): Promise<void> {
    const here = place()
    if (here === null) return
    // fetched when it is wanted: most pages are never asked in their first minutes
    const { answerOf } = await import('./capture/answer')
    const report = await answerOf(check, here)
    // too late, or answered by another page of this center: nothing that anybody here could do about
    await live.command('check.report', report).catch(() => undefined)
  }
  function asked({ check, until, spread_ms }: CheckAskedEvent): void {
    if (known.has(check) || !live.can.value.has('check.report')) return
    known.add(check)
    const left = Date.parse(until) - Date.now()
    // a clock that is wrong here must not keep a station from answering
    const wait = random() * (left > 0 ? Math.min(spread_ms, left) : spread_ms)
    const timer = setTimeout(() => {
      timers.delete(timer)
      void answer(check)
    }, wait)
    timers.add(timer)
  }
  // it may have greeted before this listened
  live.socket.hello?.checks.forEach(asked)
  const offs = [
    live.socket.on('check', asked),
    live.socket.on('hello', (hello) => {
      hello.checks.forEach(asked)
    }),
  ]
  onScopeDispose(() => {
    for (const off of offs) off()
    for (const timer of timers) clearTimeout(timer)
  })
}
