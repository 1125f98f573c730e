/** The floor on the console: the tab with who waits, the key that gives the selected one the word or takes it back. */
import { computed } from 'vue'

import type { CommandData } from '@/protocol/types'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import { floorOf } from './claims'
import FloorPanel from './FloorPanel.vue'

export default {
  shortcuts: [{ key: 'f', shown: 'F', does: 'floor', says: 'floor.does', place: 33 }],
  desk(desk) {
    const rows = desk.room.parts.rows('floor')
    const floor = computed(() => floorOf(rows.value))
    const settings = desk.room.parts.value('floor_settings')
    const control = computed(() => desk.room.can.value.has('meeting.control'))
    const grant = (participant: string, seconds: number | null, name = `floor:${participant}`): void => {
      void desk.send(name, 'floor.grant', { participant, seconds })
    }
    const revoke = (participant: string): void => {
      void desk.send(`floor:${participant}`, 'floor.revoke', { participant })
    }
    return {
      tabs: [
        {
          name: 'floor',
          place: 35,
          says: 'floor.tab',
          panel: shown(FloorPanel, () => settings.value === undefined ? undefined : ({
            actions: desk.actions,
            settings: settings.value,
            floor: floor.value,
            control: control.value,
            now: desk.now.value,
            personOf: desk.room.person,
            onGrant: (participant: string, seconds: number | null) => {
              const goesOn = floor.value.speaker?.id === participant
              grant(participant, seconds, goesOn ? `floor-more:${participant}` : undefined)
            },
            onDeny: (participant: string, reason: string) => void desk.send(`floor-deny:${participant}`, 'floor.deny', { participant, reason }),
            onMove: (participant: string, place: number) => void desk.send(`floor:${participant}`, 'floor.move', { participant, place }),
            onSet: (data: CommandData['floor.set']) => void desk.send('floor-set', 'floor.set', data),
            onRevoke: revoke,
            onSelect: desk.select,
          })),
          count: () => floor.value.waiting.length,
        },
      ],
      about: (person) => {
        const claim = person === undefined ? undefined : rows.value.get(person.id)
        const speaks = claim?.state === 'speaking'
        const name = `floor:${person?.id ?? ''}`
        return [
          {
            verb: 'floor',
            where: claim === undefined ? 'bar' : 'both',
            place: 20,
            does: 'floor',
            name,
            label: { says: speaks ? 'floor.key.revoke' : 'floor.key.grant' },
            // as it will be when the hub agrees: the key answers at once
            tone: person !== undefined && speaks !== desk.actions.sending(name) ? 'on' : 'plain',
            disabled: person === undefined || !control.value,
            press: () => {
              if (person === undefined) return
              if (speaks) revoke(person.id)
              else grant(person.id, settings.value?.seconds ?? null)
            },
          },
        ]
      },
      waiting: () => (control.value ? floor.value.waiting.length : 0),
      spoken: () => {
        const newest = floor.value.waiting.at(-1)
        const person = newest === undefined ? undefined : desk.room.person(newest.id)
        return person === undefined ? '' : desk.t('floor.spoken', { who: person.center_name, count: floor.value.waiting.length })
      },
    }
  },
} satisfies ConsolePart
