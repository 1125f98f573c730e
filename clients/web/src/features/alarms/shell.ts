/** Alarms in the frame: the strip in every room, with what is wrong with the hub; numbers, marks, and what Ctrl-K finds. */
import { computed, onScopeDispose, provide, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { alarmedKey, allAlarmedKey } from '@/parts/alarmed'
import { useAlarms } from '@/state/alarms'
import { troubles } from '@/state/hubTrouble'
import { useSession } from '@/state/session'
import type { Shell } from '@/state/shell'

import type { Found, ShellFigure, ShellPart } from '../rooms.contract'
import { shown } from '../shown'
import AlarmStrip from './AlarmStrip.vue'
import { alarmDeskKey, makeAlarmDesk } from './desk'
import { saysOf } from './says'

/** What is wrong with the hub and with the recording of one's meeting, as the hub says it. */
function useTroubles(shell: Shell) {
  const hub = shallowRef(shell.live.socket.hub)
  onScopeDispose(
    shell.live.socket.on('hub', (told) => {
      hub.value = told
    }),
  )
  return computed(() => {
    const room = shell.meeting.value
    return troubles({ asOf: shell.asOf.value, hub: hub.value, recording: (room?.view.value?.meeting.recording ?? null) !== null, truth: room?.recording.value })
  })
}

export default {
  shell(shell) {
    const { t } = useI18n()
    const answers = shell.role === 'leader' || shell.role === 'dispatcher'
    const alarms = answers ? useAlarms(shell.live, useSession().api) : undefined
    const trouble = useTroubles(shell)
    const desk = makeAlarmDesk(shell, alarms, () => trouble.value)
    provide(alarmDeskKey, desk)
    const strip = shown(AlarmStrip, () => (desk.lines.value.length > 0 || desk.news.value !== undefined || shell.live.back.lasted.value !== undefined ? { desk } : undefined))
    if (alarms === undefined) return { strip }
    provide(alarmedKey, (center) => alarms.byCenter.value.has(center))
    provide(allAlarmedKey, () => alarms.byCenter.value.keys())
    const open = (kind: 'situation' | 'overdue'): number => desk.waiting.value.filter((alarm) => alarm.kind === kind).length
    const figure = (kind: 'situation' | 'overdue', place: number): ShellFigure => ({
      id: `alarms-${kind}`,
      place,
      says: `alarms.figure.${kind}`,
      value: open(kind),
      tone: kind === 'situation' ? 'live' : 'late',
      to: { name: 'cases', query: { state: 'open', kind } },
    })
    return {
      strip,
      figures: () => [figure('situation', 10), figure('overdue', 20)],
      counts: () => ({ '/cases': desk.waiting.value.length }),
      waiting: () => desk.waiting.value.length,
      find: (text) => {
        const typed = text.trim().toLowerCase()
        if (typed === '') return []
        return alarms.list.value
          .map((alarm): Found => ({
            id: `alarm ${alarm.id}`,
            kind: t('alarms.found'),
            text: `${alarm.name} ${saysOf(alarm, t)}`,
            more: `${t(`alarms.state.${alarm.state}`)} ${alarm.text}`,
            press: () => {
              shell.go({ name: 'cases-case', params: { alarm: alarm.id } })
            },
          }))
          .filter((one) => `${one.text} ${one.more ?? ''}`.toLowerCase().includes(typed))
      },
    }
  },
} satisfies ShellPart
