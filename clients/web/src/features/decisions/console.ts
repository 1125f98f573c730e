/** Decisions on the console: the tab to write them down, and its key. */
import { defineAsyncComponent } from 'vue'

import type { ConsolePart } from '../contract'

const panel = defineAsyncComponent(() => import('./DecisionPanel.vue'))

export default {
  shortcuts: [{ key: 'd', shown: 'D', does: 'decision', says: 'decisions.does', place: 21 }],
  desk(desk) {
    const decisions = () => (desk.meeting.value?.decisions ?? []).filter((one) => one.state !== 'withdrawn')
    const can = desk.room.can
    const leads = (): boolean => can.value.has('chair.take') || desk.meeting.value?.chair.id === desk.account.id
    const drafts = (): number => decisions().filter((one) => one.state === 'draft').length
    return {
      tabs: [
        {
          name: 'decisions',
          place: 30,
          says: 'decisions.tab',
          keeps: true,
          panel: {
            component: panel,
            given: () => {
              const meeting = desk.meeting.value
              return meeting === undefined ? undefined : { actions: desk.actions, meeting, minutes: can.value.has('meeting.minute'), leads: leads() }
            },
          },
          count: () => decisions().length,
          calls: () => leads() && drafts() > 0,
        },
      ],
      keys: () => [
        {
          id: 'decision-open',
          name: 'open-decision',
          needs: 'meeting.minute',
          place: 20,
          group: 'write',
          does: 'decision',
          label: { says: 'decisions.key' },
          press: () => {
            desk.open('decisions')
          },
        },
      ],
      stays: () => [{ place: 30, text: desk.t(drafts() > 0 ? 'decisions.endingDrafts' : 'decisions.ending', { count: decisions().length - drafts(), drafts: drafts() }) }],
    }
  },
} satisfies ConsolePart
