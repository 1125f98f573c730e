/** What can be done about an alarm from where one is: each key has its place, its word says what it would do now. */
import { clockText } from '@/parts/now'
import type { Alarm } from '@/protocol/types'
import { isAnswered } from '@/state/alarms'
import type { Occasion, Shell } from '@/state/shell'

type T = (key: string, words?: Record<string, string | number>) => string

export interface AlarmKey {
  readonly label: string
  /** What it does, or why it cannot be done. */
  readonly title: string
  readonly press: (() => void) | undefined
}

/** So much (characters) of a report is quoted. */
const QUOTED = 80

/** The picture: of the center in the running meeting, or called into it, or in a new one; or the meeting that it is about. `call`: calls the center into the running one. */
export function lookKey(alarm: Alarm, shell: Shell, t: T, call: () => void): AlarmKey {
  const whom = { code: alarm.center, name: alarm.name }
  const who = { who: alarm.name }
  const running = alarm.meeting !== null && shell.meetings.value.some((one) => one.id === alarm.meeting) ? alarm.meeting : undefined
  if (alarm.kind === 'situation') {
    if (shell.can('look', whom)) return { label: t('alarms.key.look'), title: t('alarms.key.lookHint', who), press: () => { shell.act('look', whom) } }
    if (shell.meeting.value !== undefined && shell.can('call', whom)) return { label: t('alarms.key.join'), title: t('alarms.key.joinHint', who), press: call }
  }
  if (running !== undefined && shell.meeting.value === undefined) return { label: t('alarms.key.enter'), title: t('alarms.key.enterHint'), press: () => { shell.enter(running) } }
  if (alarm.kind === 'situation' && shell.can('call', whom)) {
    return {
      label: t('alarms.key.call'),
      title: t('alarms.key.callHint', who),
      press: () => {
        shell.convene({ centers: [whom], text: t('alarms.strip.title', { center: alarm.name }), about: { what: 'alarm', id: alarm.id } })
      },
    }
  }
  return { label: t('alarms.key.look'), title: t('alarms.key.notLook'), press: undefined }
}

/** Its center onto the stage of the running meeting, for all to see; nothing for one that is there already. */
export function broadcastKey(alarm: Alarm, shell: Shell, t: T): AlarmKey {
  const whom = { code: alarm.center, name: alarm.name }
  const meeting = shell.meeting.value?.view.value?.meeting
  const on = meeting?.participants.some((one) => one.id === meeting.broadcast && one.center === alarm.center) === true
  if (on) return { label: t('alarms.key.onAir'), title: t('alarms.key.onAirHint', { who: alarm.name }), press: undefined }
  const label = t('alarms.key.broadcast')
  if (alarm.kind !== 'situation' || !shell.can('broadcast', whom)) return { label, title: t('alarms.key.notBroadcast'), press: undefined }
  return { label, title: t('alarms.key.broadcastHint', { who: alarm.name }), press: () => { shell.act('broadcast', whom) } }
}

/** Kinds that are about what happens at a center: its cameras may show it. */
const SEEN: readonly string[] = ['situation', 'patrol', 'camera']

/** The cameras there, before anybody is called. */
export function cameraKey(alarm: Alarm, shell: Shell, t: T): AlarmKey {
  const label = t('alarms.key.camera')
  if (!SEEN.includes(alarm.kind)) return { label, title: t('alarms.key.notCamera'), press: undefined }
  const one = alarm.words['camera']
  const place = { code: alarm.center, name: alarm.name, ...(typeof one === 'string' ? { camera: one } : {}) }
  return { label, title: t('alarms.key.cameraHint', { who: alarm.name }), press: () => { shell.lookAt(place) } }
}

export function orderKey(alarm: Alarm, shell: Shell, t: T): AlarmKey {
  const whom = { code: alarm.center, name: alarm.name }
  const label = t('alarms.key.order')
  if (alarm.kind !== 'situation' || !shell.can('order', whom)) return { label, title: t('alarms.key.notOrder'), press: undefined }
  return { label, title: t('alarms.key.orderHint', { who: alarm.name }), press: () => { shell.order(occasionOf(alarm, t)) } }
}

function occasionOf(alarm: Alarm, t: T): Occasion {
  const text = alarm.text.length > QUOTED ? `${alarm.text.slice(0, QUOTED)}…` : alarm.text
  return {
    centers: [{ code: alarm.center, name: alarm.name }],
    about: { what: 'alarm', id: alarm.id },
    quote: t('alarms.strip.quote', { center: alarm.name, time: clockText(alarm.raised_at), text }),
  }
}

/** Whether this account may say that it has seen it. */
export function canAcknowledge(alarm: Alarm, shell: Shell): boolean {
  return alarm.state === 'open' && isAnswered(alarm, shell.account)
}
