/** Alarms in 总览: what waits to be seen, and how many there are. */
import { useAlarmDesk } from './desk'
import AlarmCard from './AlarmCard.vue'
import type { OverviewPart } from '../rooms.contract'
import { shown } from '../shown'

export default {
  overview(shell) {
    if (shell.role !== 'leader' && shell.role !== 'dispatcher') return undefined
    const desk = useAlarmDesk()
    const open = (kind: 'situation' | 'overdue'): number => desk.waiting.value.filter((alarm) => alarm.kind === kind).length
    return {
      figures: () => [
        { id: 'alarms-situation', place: 30, says: 'alarms.figure.situation', value: open('situation'), tone: 'live', to: { name: 'cases', query: { state: 'open', kind: 'situation' } } },
        { id: 'alarms-overdue', place: 40, says: 'alarms.figure.overdue', value: open('overdue'), tone: 'late', to: { name: 'cases', query: { state: 'open', kind: 'overdue' } } },
      ],
      cards: [{ column: 'waits', place: 10, card: shown(AlarmCard, () => ({ desk })) }],
    }
  },
} satisfies OverviewPart
