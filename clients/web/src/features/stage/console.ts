/** The stage on the console: the broadcast of whom is selected, of oneself, and its end; its tab. */
import { computed, defineAsyncComponent } from 'vue'

import type { Participant } from '@/protocol/types'

import type { BarKey, ConsolePart } from '../contract'
import { shown } from '../shown'

/** Fetched when the tab is first opened. */
const StagePanel = defineAsyncComponent(() => import('./StagePanel.vue'))

export default {
  shortcuts: [{ key: 'b', shown: 'B', does: 'broadcast', says: 'stage.does', place: 30 }],
  desk(desk) {
    const me = desk.account.id
    const broadcast = () => desk.meeting.value?.broadcast ?? null
    const show = (participant: string | null, name: string): void => {
      void desk.send(name, 'stage.broadcast', { participant })
    }
    const about = (person: Participant | undefined) => {
      const on = person !== undefined && broadcast() === person.id
      const name = `broadcast:${person?.id ?? ''}`
      return {
        name,
        needs: 'meeting.control',
        label: { says: on ? 'stage.key.off' : 'stage.key.on' },
        // as it will be when the hub agrees: the key answers at once
        tone: person !== undefined && on !== desk.actions.sending(name) ? ('on' as const) : ('plain' as const),
        disabled: person === undefined,
        press: () => {
          if (person !== undefined) show(on ? null : person.id, name)
        },
      }
    }
    const stage = desk.room.parts.value('stage')
    const screens = desk.room.parts.value('screens')
    const cameras = desk.room.parts.rows('cameras_here')
    const phones = desk.room.parts.rows('phones_here')
    const here = computed(() => [...(desk.meeting.value?.participants ?? []), ...cameras.value.values(), ...phones.value.values()].filter((one) => one.state === 'joined'))
    return {
      tabs: [
        {
          name: 'stage',
          place: 33,
          says: 'stage.tab',
          panel: shown(StagePanel, () => {
            const meeting = desk.meeting.value
            if (stage.value === undefined || meeting === undefined) return undefined
            return {
              actions: desk.actions,
              meeting: meeting.id,
              me,
              chair: meeting.chair.id,
              stage: stage.value,
              screens: screens.value ?? { by_number: {} },
              people: here.value,
              selected: desk.person.value,
              live: desk.live,
              control: desk.room.can.value.has('meeting.control'),
              send: desk.send,
            }
          }),
          keeps: true,
        },
      ],
      about: (person) => [{ verb: 'broadcast', cameras: true, where: 'both', place: 10, does: 'broadcast', ...about(person) }],
      keys: () => {
        const now = broadcast()
        const mine = now === me
        const keys: BarKey[] = []
        // somebody else than the selected one: his key is not there to be pressed
        if (now !== null && !mine && now !== desk.person.value?.id) {
          keys.push({
            id: 'broadcast-stop',
            name: 'broadcast:none',
            needs: 'meeting.control',
            place: 90,
            group: 'person',
            label: { says: 'stage.key.stop' },
            press: () => {
              show(null, 'broadcast:none')
            },
          })
        }
        const may = desk.sends.value || mine
        keys.push({
          id: 'own-broadcast',
          name: `broadcast:${me}`,
          needs: 'meeting.control',
          place: 50,
          group: 'own',
          pressed: mine,
          tone: mine ? 'on' : 'plain',
          disabled: !may,
          label: { says: mine ? 'stage.own.off' : 'stage.own.on' },
          ...(may ? {} : { title: 'stage.own.needs' }),
          press: () => {
            show(mine ? null : me, `broadcast:${me}`)
          },
        })
        return keys
      },
    }
  },
} satisfies ConsolePart
