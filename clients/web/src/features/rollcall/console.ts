/** The roll call on the console: its tab, and the key that calls the next one. */
import { computed, defineAsyncComponent } from 'vue'

import type { CommandData } from '@/protocol/types'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'

/** Fetched when the tab is first opened. */
const RollCallPanel = defineAsyncComponent(() => import('./RollCallPanel.vue'))

export default {
  shortcuts: [{ key: 'p', shown: 'P', does: 'rollcall', says: 'rollcall.does', place: 36 }],
  desk(desk) {
    const roll = desk.room.parts.value('roll_call')
    const rows = desk.room.parts.rows('roll_call_list')
    const control = computed(() => desk.room.can.value.has('meeting.control'))
    const goesOn = computed(() => roll.value?.state === 'running' || roll.value?.state === 'paused')
    const next = (): void => void desk.send('rollcall-next', 'roll_call.next', {})
    return {
      tabs: [
        {
          name: 'rollcall',
          place: 36,
          says: 'rollcall.tab',
          panel: shown(RollCallPanel, () => {
            const meeting = desk.meeting.value
            if (roll.value === undefined || meeting === undefined) return undefined
            const but = [meeting.chair.center]
            return {
              actions: desk.actions,
              meeting: meeting.id,
              roll: roll.value,
              rows: rows.value,
              choices: desk.targets.value,
              all: meeting.centers.filter((code) => !but.includes(code)).length,
              but,
              control: control.value,
              now: desk.now.value,
              nameOf: desk.nameOf,
              onBegin: (data: CommandData['roll_call.begin']) => void desk.send('rollcall-begin', 'roll_call.begin', data),
              onNext: next,
              onCall: (center: string) => void desk.send(`rollcall:${center}`, 'roll_call.call', { center }),
              onMark: (center: string, answered: boolean) =>
                void desk.send(answered ? 'rollcall-mark' : 'rollcall-unanswered', 'roll_call.mark', { center, answered }),
              onSkip: (center: string) => void desk.send('rollcall-skip', 'roll_call.skip', { center }),
              onPause: () => void desk.send('rollcall-pause', 'roll_call.pause', {}),
              onResume: () => void desk.send('rollcall-resume', 'roll_call.resume', {}),
              onFinish: () => void desk.send('rollcall-finish', 'roll_call.finish', {}),
            }
          }),
          calls: () => goesOn.value && roll.value?.state === 'paused',
        },
      ],
      acts: {
        rollcall: () => {
          if (goesOn.value && control.value) next()
          else desk.open('rollcall')
        },
      },
      spoken: () => {
        const now = roll.value
        if (now === undefined || now.state === 'none') return ''
        if (now.state === 'finished') return desk.t('rollcall.spoken.finished', { answered: now.answered, unanswered: now.unanswered })
        if (now.center === null) return ''
        const row = rows.value.get(now.center)
        return desk.t(row?.situation === 'abnormal' ? 'rollcall.spoken.abnormal' : 'rollcall.spoken.called', { who: desk.nameOf(now.center) })
      },
    }
  },
} satisfies ConsolePart
