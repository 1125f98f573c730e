/** How a task stands at a moment: what of it calls first. Pure. */
import type { Task } from '@/protocol/types'

/** `late`: it is past its due, and somebody is missing. */
export type Standing = 'late' | 'open' | 'answered' | 'waiting' | 'ended' | 'withdrawn'

/** `now`: ms since 1970. */
export function standingOf(task: Task, now: number): Standing {
  if (task.state === 'waiting' || task.state === 'ended' || task.state === 'withdrawn') return task.state
  const { counts, round } = task
  if (counts !== null && counts.answered >= counts.total) return 'answered'
  return round !== null && Date.parse(round.due) < now ? 'late' : 'open'
}

const ORDER: readonly Standing[] = ['late', 'open', 'answered', 'waiting', 'ended', 'withdrawn']

/** What is late first, then what is due first; of what is over the newest. */
export function worstFirst(tasks: readonly Task[], now: number): Task[] {
  const at = (task: Task): string => task.round?.due ?? task.next?.due ?? task.given_at
  return [...tasks].sort((one, other) => {
    const [first, second] = [standingOf(one, now), standingOf(other, now)]
    if (first !== second) return ORDER.indexOf(first) - ORDER.indexOf(second)
    const earlier = at(one) < at(other) ? -1 : at(one) > at(other) ? 1 : one.id < other.id ? -1 : 1
    return isOver(first) ? -earlier : earlier
  })
}
const isOver = (standing: Standing): boolean => standing === 'ended' || standing === 'withdrawn'

/** Whether it can be answered by one's own center, which has not. */
export function asksUs(task: Task): boolean {
  return task.asked && task.state === 'open' && task.round !== null && task.round.closed_at === null && task.own === null
}

/** How long a moment is away, in whole minutes, at least one: `{ days, hours, minutes }`. */
export function away(at: string, now: number): { readonly past: boolean; readonly days: number; readonly hours: number; readonly minutes: number } {
  const ms = Date.parse(at) - now
  const minutes = Math.max(1, Math.ceil(Math.abs(ms) / 60_000))
  return { past: ms < 0, days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 }
}
