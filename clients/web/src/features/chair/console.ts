/** The chair on the console: its tab, its keys of the keyboard, and what nobody may miss. */
import { computed, defineAsyncComponent } from 'vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import DeskNotices from './DeskNotices.vue'
import { nameOf } from './standing'

/** Fetched when the tab is first opened. */
const ChairPanel = defineAsyncComponent(() => import('./ChairPanel.vue'))

export default {
  shortcuts: [
    { key: 'h', shown: 'H', does: 'chairTab', says: 'chair.does.tab', place: 62 },
    { key: 'l', shift: true, shown: '⇧L', does: 'lock', says: 'chair.does.lock', place: 63 },
    { key: 'p', shift: true, shown: '⇧P', does: 'pauseMeeting', says: 'chair.does.pause', place: 64 },
    { key: 'a', shift: true, shown: '⇧A', does: 'admitAll', says: 'chair.does.admit', place: 65 },
  ],
  desk(desk) {
    const { parts, can } = desk.room
    const life = parts.value('meeting')
    const chair = parts.value('chair')
    const lock = parts.value('lock')
    const pause = parts.value('pause')
    const term = parts.value('term')
    const waiting = parts.rows('waiting')
    const me = desk.account.id
    const control = computed(() => can.value.has('meeting.control'))
    const takes = computed(() => can.value.has('chair.take'))
    const leads = computed(() => takes.value || desk.meeting.value?.chair.id === me)
    const waits = computed(() => [...waiting.value.values()].filter((one) => one.state === 'waiting').length)
    const asks = computed(() => (leads.value ? (chair.value?.requests.length ?? 0) : 0))
    const open = computed(() => desk.meeting.value?.state === 'open')
    const admit = (): void => void desk.send('waiting-all', 'waiting.admit', { participant: null })
    const resume = (): void => void desk.send('pause', 'meeting.resume', {})
    const extend = (minutes: number): void => void desk.send(`extend-${minutes}`, 'meeting.extend', { minutes })
    const calls = (): number => (control.value ? waits.value : 0) + asks.value
    return {
      tabs: [
        {
          name: 'chair',
          place: 34,
          says: 'chair.tab',
          count: calls,
          calls: () => calls() > 0,
          panel: shown(ChairPanel, () => {
            const meeting = desk.meeting.value
            if (meeting === undefined || chair.value === undefined || lock.value === undefined || pause.value === undefined || term.value === undefined) return undefined
            return {
              actions: desk.actions,
              me,
              meeting,
              chair: chair.value,
              coChairs: life.value?.co_chairs ?? [],
              lock: lock.value,
              waiting: waiting.value,
              pause: pause.value,
              term: term.value,
              control: control.value,
              takes: takes.value,
              holds: desk.live.can.value.has('chair.hold'),
              exports: can.value.has('control.export'),
              newest: desk.room.view.value?.log.at(-1)?.seq ?? 0,
              now: desk.now.value,
              send: desk.send,
            }
          }),
        },
      ],
      over: [
        shown(DeskNotices, () => {
          const meeting = desk.meeting.value
          if (meeting === undefined || !open.value || chair.value === undefined || pause.value === undefined || term.value === undefined) return undefined
          return {
            actions: desk.actions,
            me,
            meeting,
            chair: chair.value,
            waiting: waiting.value,
            pause: pause.value,
            term: term.value,
            control: control.value,
            leads: leads.value,
            now: desk.now.value,
            onAdmit: admit,
            onResume: resume,
            onExtend: extend,
            onShow: () => {
              desk.open('chair')
            },
          }
        }),
      ],
      figures: () =>
        control.value && waits.value > 0 ? [{ id: 'waiting', place: 12, says: 'chair.figure', value: waits.value, late: true, tab: 'chair' }] : [],
      waiting: calls,
      spoken: () => {
        const meeting = desk.meeting.value
        if (control.value && waits.value > 0) return desk.t('chair.spoken.waiting', { count: waits.value })
        if (meeting === undefined || (life.value?.chair ?? null) === null) return ''
        return meeting.chair.id === me ? desk.t('chair.spoken.you') : desk.t('chair.spoken.chair', { who: nameOf(meeting.chair) })
      },
      acts: {
        chairTab: () => {
          desk.open('chair')
        },
        lock: () => {
          if (control.value && lock.value !== undefined) void desk.send('lock', lock.value.locked ? 'meeting.unlock' : 'meeting.lock', {})
        },
        pauseMeeting: () => {
          if (!control.value || pause.value === undefined) return
          if (pause.value.paused) resume()
          else void desk.send('pause', 'meeting.pause', { reason: '' })
        },
        admitAll: () => {
          if (control.value && waits.value > 0) admit()
        },
      },
    }
  },
} satisfies ConsolePart
