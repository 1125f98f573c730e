/** The chair's controls in the search of the frame (Ctrl-K), in whatever room one is while a meeting goes on. */
import { computed, defineAsyncComponent } from 'vue'
import { useI18n } from 'vue-i18n'

import { useActions } from '@/parts/actions'
import { wordsOf } from '@/parts/finding'
import type { CommandData, CommandKind } from '@/protocol/types'

import type { Found, ShellPart } from '../rooms.contract'

const said = defineAsyncComponent(() => import('./PaletteSaid.vue'))
const LONGER = [15, 30, 60]

export default {
  shell(shell) {
    if (!['leader', 'dispatcher'].includes(shell.role)) return undefined
    const { t } = useI18n()
    const actions = useActions(shell.live)
    const problem = computed(() => actions.problem('palette'))
    function found(): Found[] {
      const room = shell.meeting.value
      const meeting = room?.view.value?.meeting
      if (room === undefined || meeting?.state !== 'open') return []
      const { can, parts } = room
      const one = <K extends CommandKind>(says: string, words: Record<string, number>, kind: K, data: CommandData[K]): Found => ({
        id: `chair ${says} ${JSON.stringify(words)}`,
        kind: t('chair.palette.end'),
        text: t(`chair.palette.${says}`, words),
        more: meeting.title,
        press: () => void actions.run('palette', kind, data, room.id),
      })
      const all: Found[] = []
      if (can.value.has('meeting.control')) {
        const waits = [...parts.rows('waiting').value.values()].filter((each) => each.state === 'waiting').length
        all.push(parts.value('lock').value?.locked === true ? one('unlock', {}, 'meeting.unlock', {}) : one('lock', {}, 'meeting.lock', {}))
        all.push(parts.value('pause').value?.paused === true ? one('resume', {}, 'meeting.resume', {}) : one('pause', {}, 'meeting.pause', { reason: '' }))
        if (waits > 0) all.push(one('admit', { count: waits }, 'waiting.admit', { participant: null }))
        if ((parts.value('term').value?.ends_at ?? null) !== null) all.push(...LONGER.map((minutes) => one('extend', { minutes }, 'meeting.extend', { minutes })))
      }
      if (can.value.has('chair.take')) all.push(one('take', {}, 'chair.take', {}))
      else if (meeting.chair.id !== shell.account.id) all.push(one('ask', {}, 'chair.request', { reason: '' }))
      return all
    }
    return {
      find: (text) => {
        const words = wordsOf(text)
        return found().filter((each) => words.every((word) => each.text.toLowerCase().includes(word)))
      },
      over: [{ component: said, given: () => (problem.value === undefined ? undefined : { says: problem.value }) }],
    }
  },
} satisfies ShellPart
