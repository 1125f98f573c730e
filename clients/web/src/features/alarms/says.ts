/** What an alarm says in one line, and which mark stands before it. */
import type { Alarm } from '@/protocol/types'

type T = (key: string, words?: Record<string, string | number>) => string

/** Its kind in words, with what there is to say; what a person wrote stands beside it. */
export function saysOf(alarm: Alarm, t: T): string {
  const words: Record<string, string | number> = { ...alarm.words }
  if (alarm.kind === 'disk') words['folder'] = t(`alarms.folder.${String(alarm.words['folder'] ?? 'data')}`)
  if (alarm.kind === 'unrecorded') words['reason'] = t(`common.recording.reason.${String(alarm.words['reason'] ?? 'failed')}`)
  return t(`alarms.says.${alarm.kind}`, words)
}

/** The state's mark (`StateMark`). */
export function markOf(alarm: Alarm): string {
  if (alarm.state === 'cleared') return 'completed'
  if (alarm.state === 'acknowledged') return 'signed'
  return alarm.severity === 'critical' ? 'alarm' : 'overdue'
}
