/** Grid members' phones on the desk of a meeting: the key and its sheet, what is done about one, and the household that one shows. */
import { computed, defineAsyncComponent, ref } from 'vue'

import { isPhone } from '@/parts/attendance'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import type CasePanel from './CasePanel.vue'
import type PhonesSheet from './PhonesSheet.vue'

/** Fetched when they are first opened. */
const Sheet = defineAsyncComponent<typeof PhonesSheet>(() => import('./PhonesSheet.vue').then((file) => file.default))
const Case = defineAsyncComponent<typeof CasePanel>(() => import('./CasePanel.vue').then((file) => file.default))

export default {
  shortcuts: [{ key: 'w', shift: true, shown: '⇧W', does: 'phones', says: 'phonesHere.does', place: 68 }],
  desk(desk) {
    const open = ref(false)
    /** The village that is looked at first. */
    const village = ref('')
    const rows = desk.room.parts.rows('phones_here')
    const seats = computed(() => [...rows.value.values()])
    const going = computed(() => seats.value.filter((one) => one.state === 'joined' || one.until !== null))
    const showing = computed(() => seats.value.filter((one) => one.household !== null))
    /** Cases that were looked at from this desk. */
    const looked = ref<ReadonlySet<string>>(new Set())
    const fresh = (): boolean => showing.value.some((one) => !looked.value.has(`${one.id} ${one.household ?? ''}`))
    const release = (participant: string): void => void desk.send(`release:${participant}`, 'phone.release', { participant })
    function show(code = ''): void {
      village.value = code
      open.value = true
    }
    async function look(participant: string): Promise<boolean> {
      const seat = rows.value.get(participant)
      if (!(await desk.send(`look:${participant}`, 'case.look', { participant }))) return false
      looked.value = new Set([...looked.value, `${participant} ${seat?.household ?? ''}`])
      return true
    }
    return {
      keys: () => [
        {
          id: 'phones',
          name: 'phones',
          needs: 'meeting.control',
          place: 14,
          group: 'meeting',
          folds: true,
          does: 'phones',
          label: going.value.length > 0 ? { says: 'phonesHere.keyCount', words: { count: going.value.length } } : { says: 'phonesHere.key' },
          tone: going.value.length > 0 ? 'on' : 'plain',
          press: () => {
            show()
          },
        },
      ],
      tabs: [
        {
          name: 'case',
          place: 39,
          says: 'phonesHere.tab',
          there: () => showing.value.length > 0,
          calls: fresh,
          panel: shown(Case, () => ({ meeting: desk.room.id, seats: showing.value, look })),
          keeps: true,
        },
      ],
      about: (person) => {
        const phone = person !== undefined && isPhone(person)
        return [
          {
            verb: 'phone',
            where: phone ? 'both' : 'bar',
            place: 51,
            phones: true,
            name: phone ? `release:${person.id}` : `phones:${person?.id ?? ''}`,
            needs: 'meeting.control',
            label: { says: phone ? 'phonesHere.out' : 'phonesHere.look' },
            disabled: person === undefined || (!phone && person.level !== 'village'),
            press: () => {
              if (person === undefined) return
              if (phone) release(person.id)
              else show(person.center)
            },
          },
        ]
      },
      over: [
        shown(Sheet, () => {
          const meeting = desk.meeting.value
          if (!open.value || meeting === undefined) return undefined
          return {
            actions: desk.actions,
            seats: seats.value,
            village: village.value,
            villages: [...new Set(meeting.participants.filter((one) => one.state === 'joined' && one.level === 'village').map((one) => one.center))],
            nameOf: desk.nameOf,
            sends: (account: string) => desk.room.sources.value.has(account),
            now: desk.now.value,
            broadcast: meeting.broadcast ?? null,
            onCall: (account: string) => void desk.add(`phone:${account}`, 'phone.call', { account }),
            onRelease: release,
            onMute: (participant: string, on: boolean) => void desk.send(`mute:${participant}`, on ? 'participant.mute' : 'participant.unmute', { participant }),
            onStage: (participant: string | null) => void desk.send(`broadcast:${participant ?? 'none'}`, 'stage.broadcast', { participant }),
            onCase: () => {
              open.value = false
              desk.open('case')
            },
            onClose: () => (open.value = false),
          }
        }),
      ],
      waiting: () => (fresh() ? 1 : 0),
      spoken: () => (fresh() ? desk.t('phonesHere.tab') : ''),
    }
  },
} satisfies ConsolePart
