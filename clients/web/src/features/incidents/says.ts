/** What an incident says in one line: its mark, whether it is late, how long is left. Pure. */
import type { Incident, IncidentState } from '@/protocol/types'

type T = (key: string, words: Record<string, string | number>) => string

/** Something is still to be done, and not reported done. */
const DOING: readonly IncidentState[] = ['registered', 'studied', 'routed', 'handling']
const MARKS: Readonly<Record<IncidentState, string>> = {
  registered: 'issued', studied: 'signed', routed: 'issued', handling: 'in_progress', completed: 'waiting', closed: 'completed', joined: 'left',
}

export function isDoing({ state }: Pick<Incident, 'state'>): boolean {
  return DOING.includes(state)
}

/** Due, and not reported done. `now`: ms since 1970. */
export function isLate(incident: Pick<Incident, 'state' | 'due'>, now: number): boolean {
  return incident.due !== null && isDoing(incident) && Date.parse(incident.due) < now
}

/** The state's mark (`StateMark`). */
export function markOf(incident: Pick<Incident, 'state' | 'due'>, now: number): string {
  return isLate(incident, now) ? 'overdue' : MARKS[incident.state]
}

/** Roughly how long, in the largest unit that fits. */
export function roughly(ms: number, t: T): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 60) return t('times.minutes', { count: minutes })
  const hours = Math.round(minutes / 60)
  return hours < 48 ? t('times.hours', { count: hours }) : t('times.days', { count: Math.round(hours / 24) })
}

/** By when, in words: how long is left or overdue; empty for one without a date, or that is done. */
export function dueWords(incident: Pick<Incident, 'state' | 'due'>, now: number, t: T): string {
  if (incident.due === null || !isDoing(incident)) return ''
  const left = Date.parse(incident.due) - now
  return left < 0 ? t('list.overdue', { time: roughly(-left, t) }) : t('list.left', { time: roughly(left, t) })
}

const TWO = (value: number): string => String(value).padStart(2, '0')

/** As an input for day and time has it, local. */
export function localInput(moment: number | string): string {
  const at = new Date(moment)
  return `${String(at.getFullYear())}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())}T${TWO(at.getHours())}:${TWO(at.getMinutes())}`
}

/** What such an input holds, as the hub takes it; null for nothing. */
export function instantOf(text: string): string | null {
  const at = Date.parse(text)
  return text === '' || Number.isNaN(at) ? null : new Date(at).toISOString()
}
