/** Those who were called, on the console: the tab that lists them, and the keys that mute and remove. */
import { ref } from 'vue'

import { arrivedCount, countOf, isArrived } from '@/parts/attendance'
import ConfirmDialog from '@/parts/ConfirmDialog.vue'
import { durationText } from '@/parts/now'
import type { CommandData, Participant } from '@/protocol/types'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import PeoplePanel from './PeoplePanel.vue'
import RemoveDialog from './RemoveDialog.vue'

/** More centers than these are called into a meeting only after a question. */
const MANY = 10
/** So many of them are named. */
const NAMED = 5

export default {
  shortcuts: [
    { key: 'm', shown: 'M', does: 'mute', says: 'participants.mute.does', place: 31 },
    { key: 'm', shift: true, shown: '⇧M', does: 'muteAll', says: 'participants.muteAll.does', place: 32 },
  ],
  desk(desk) {
    /** Whose removal is asked about. */
    const removing = ref<Participant>()
    async function remove(person: Participant, reason: string): Promise<void> {
      const data = { participant: person.id, reason }
      if (await desk.send(`remove:${person.id}`, 'participant.remove', data)) removing.value = undefined
    }
    /** Those whom muting all concerns: everybody who is here but the chair and whoever is on the stage. */
    function muteable(): Participant[] {
      const meeting = desk.meeting.value
      if (meeting === undefined) return []
      return meeting.participants.filter(
        (one) => one.state === 'joined' && one.id !== meeting.chair.id && one.id !== meeting.broadcast,
      )
    }
    /** Ticked in the tree, and called by nobody yet. */
    function further(): string[] {
      const known = new Set(desk.meeting.value?.centers)
      const ticked = desk.targets.value.find((one) => one.id === 'ticked')?.centers ?? []
      return ticked.map((one) => one.code).filter((code) => !known.has(code))
    }
    /** Asked before many further centers ring. */
    const asking = ref<{ name: string; data: CommandData['meeting.call']; centers: readonly string[] }>()
    function call(name: string, data: CommandData['meeting.call']): void {
      const known = new Set(desk.meeting.value?.centers)
      const fresh = data.level ? desk.uncalled(data.level as 'county' | 'township') : (data.centers ?? []).filter((code) => !known.has(code))
      if (fresh.length > MANY) asking.value = { name, data, centers: fresh }
      else void desk.send(name, 'meeting.call', data)
    }
    const arrival = desk.room.parts.value('arrival')
    /** How long it took until all had come. */
    function full(): string | undefined {
      const begun = arrival.value?.since ?? desk.meeting.value?.opened_at ?? ''
      const full_at = arrival.value?.full_at ?? null
      return full_at === null ? undefined : durationText(Date.parse(full_at) - Date.parse(begun))
    }
    const allMuted = (): boolean => muteable().length > 0 && muteable().every((one) => one.muted)
    function muteAll(): void {
      if (allMuted()) {
        void desk.send('mute-all', 'participant.unmute_all', {})
        return
      }
      const stage = desk.meeting.value?.broadcast ?? null
      void desk.send('mute-all', 'participant.mute_all', { but: stage === null ? [] : [stage] })
    }
    return {
      keys: () => [
        {
          id: 'mute-all',
          name: 'mute-all',
          needs: 'meeting.control',
          place: 15,
          group: 'meeting',
          does: 'muteAll',
          label: { says: allMuted() ? 'participants.muteAll.off' : 'participants.muteAll.on' },
          tone: allMuted() ? 'on' : 'plain',
          disabled: muteable().length === 0,
          press: muteAll,
        },
      ],
      tabs: [
        {
          name: 'people',
          place: 40,
          says: 'participants.tab',
          panel: shown(PeoplePanel, () => ({
            called: desk.called.value,
            nameOf: desk.nameOf,
            placeOf: desk.placeOf,
            deviceOf: desk.deviceOf,
            actions: desk.actions,
            control: desk.room.can.value.has('meeting.control'),
            further: further(),
            levels: desk.levels.value,
            full: full(),
            board: `/command/${desk.room.id}/arrivals`,
            onSelect: desk.select,
            onCall: call,
          })),
          count: () => arrivedCount(desk.called.value),
        },
      ],
      about: (person) => {
        const name = `mute:${person?.id ?? ''}`
        // as it will be when the hub agrees: the key answers at once
        const muted = person !== undefined && person.muted !== desk.actions.sending(name)
        const center = person?.center ?? ''
        const lost = desk.called.value.some((one) => one.code === center && !isArrived(one.state))
        return [
          {
            verb: 'call',
            where: 'bar',
            place: 5,
            name: `call:${center}`,
            needs: 'meeting.control',
            label: { says: 'participants.panel.again' },
            disabled: !lost,
            press: () => void desk.send(`call:${center}`, 'meeting.call', { centers: [center], subtree: null, level: null, absent: false }),
          },
          {
            verb: 'mute',
            phones: true,
            where: 'both',
            place: 30,
            does: 'mute',
            name,
            needs: 'meeting.control',
            label: { says: person?.muted === true ? 'participants.mute.off' : 'participants.mute.on' },
            tone: muted ? 'on' : 'plain',
            disabled: person === undefined,
            press: () => {
              if (person === undefined) return
              const kind = person.muted ? 'participant.unmute' : 'participant.mute'
              void desk.send(name, kind, { participant: person.id })
            },
          },
          {
            verb: 'remove',
            where: 'both',
            place: 50,
            name: `remove:${person?.id ?? ''}`,
            needs: 'meeting.control',
            label: { says: 'participants.remove.key' },
            disabled: person === undefined,
            press: () => {
              removing.value = person
            },
          },
        ]
      },
      figures: () => {
        const called = desk.called.value
        const { arrived, called: all, people } = countOf(called)
        const more = { says: 'participants.figureMore', words: { here: arrived, all, people } }
        return [{ id: 'arrived', place: 10, says: 'participants.figure', value: arrived, of: all, more, tab: 'people' }]
      },
      over: [
        shown(ConfirmDialog, () => {
          const asked = asking.value
          if (asked === undefined) return undefined
          const count = asked.centers.length
          const names = asked.centers.slice(0, NAMED).map(desk.nameOf).join(desk.t('console.wall.and'))
          return {
            testid: 'call-ask',
            begin: 'confirm' as const,
            title: desk.t('convening.asking.title', { count }),
            consequences: [desk.t('convening.asking.many', { names, count }), desk.t('convening.asking.what')],
            confirm: desk.t('convening.asking.confirm', { count }),
            keep: desk.t('common.cancel'),
            onClose: () => (asking.value = undefined),
            onConfirm: () => {
              asking.value = undefined
              void desk.send(asked.name, 'meeting.call', asked.data)
            },
          }
        }),
        shown(RemoveDialog, () => {
          const person = removing.value
          return person === undefined
            ? undefined
            : {
                actions: desk.actions,
                person,
                onClose: () => (removing.value = undefined),
                onRemove: (reason: string) => void remove(person, reason),
              }
        }),
      ],
    }
  },
} satisfies ConsolePart
