/** The sound on the console: its tab, keys for a word apart and for listening in, and talking by the space bar where that is the mode. */
import { computed, defineAsyncComponent, watch } from 'vue'

import { apartOf } from '@/parts/soundStates'
import type { CommandData, CommandKind } from '@/protocol/types'

import type { ConsolePart } from '../contract'
import { useTalking } from './talking'

/** Fetched when the tab is first opened, and when there is something to say. */
const SoundPanel = defineAsyncComponent(() => import('./SoundPanel.vue'))
const SoundNotice = defineAsyncComponent(() => import('./SoundNotice.vue'))
const TalkNotice = defineAsyncComponent(() => import('./TalkNotice.vue'))

export default {
  shortcuts: [
    { key: 'j', shown: 'J', does: 'sound', says: 'sound.does.open', place: 37 },
    { key: 'a', shown: 'A', does: 'apart', says: 'sound.does.apart', place: 38 },
    { key: 'j', shift: true, shown: '⇧J', does: 'listenIn', says: 'sound.does.listen', place: 39 },
  ],
  desk(desk) {
    const me = desk.account.id
    const sound = desk.room.parts.value('sound')
    const rows = desk.room.parts.rows('own_sound')
    const control = computed(() => desk.room.can.value.has('meeting.control'))
    const send = (name: string, kind: CommandKind, data: unknown): void => {
      void desk.send(name, kind, data as CommandData[typeof kind])
    }
    const talking = useTalking(desk.live, () => desk.room.id, me, sound)
    watch(desk.held, (held) => {
      if (!held) talking.release()
      else if (sound.value?.mode === 'talk') talking.hold()
    })
    const mine = computed(() => apartOf(sound.value, me))
    const listens = computed(() => rows.value.get(me)?.listens ?? null)
    return {
      tabs: [
        {
          name: 'sound',
          place: 37,
          says: 'sound.tab',
          panel: {
            component: SoundPanel,
            given: () => {
              const meeting = desk.meeting.value
              if (sound.value === undefined || meeting === undefined) return undefined
              return {
                actions: desk.actions,
                sound: sound.value,
                own: rows.value,
                people: meeting.participants.filter((one) => one.state === 'joined'),
                me,
                chair: meeting.chair.id,
                person: desk.person.value,
                ticked: desk.targets.value.find((one) => one.id === 'ticked')?.centers ?? [],
                centers: meeting.centers,
                control: control.value,
                mayListen: desk.live.can.value.has('sound.listen'),
                mayInsert: desk.live.can.value.has('sound.insert'),
                now: desk.now.value,
                onSend: send,
                onSelect: desk.select,
              }
            },
          },
          count: () => (sound.value?.apart.length ?? 0) + (sound.value?.talking.length ?? 0),
        },
      ],
      over: [
        {
          component: SoundNotice,
          given: () => {
            if (sound.value === undefined || (sound.value.apart.length === 0 && !rows.value.has(me))) return undefined
            return { actions: desk.actions, meeting: desk.room.id, me, sound: sound.value, own: rows.value.get(me), control: control.value, over: true }
          },
        },
        {
          component: TalkNotice,
          given: () => (sound.value?.mode === 'talk' ? { sound: sound.value, me, state: talking.state.value, now: desk.now.value } : undefined),
        },
      ],
      acts: {
        sound: () => {
          desk.open('sound')
        },
        apart: () => {
          const person = desk.person.value
          if (!control.value) return
          if (mine.value !== undefined) send('apart', 'apart.end', { talk: mine.value.talk })
          else if (person !== undefined) send('apart', 'apart.begin', { center: person.center })
        },
        listenIn: () => {
          const person = desk.person.value
          if (!desk.live.can.value.has('sound.listen')) return
          if (listens.value !== null) send('listen', 'listen.end', {})
          else if (person !== undefined) send('listen', 'listen.begin', { participant: person.id })
        },
      },
      spoken: () => {
        const by = rows.value.get(me)?.listeners.at(-1)
        if (by !== undefined) return desk.t('sound.spoken.listen', { who: `${by.center_name} ${by.name}` })
        const newest = sound.value?.talking.filter((one) => one.participant !== me).at(-1)
        return newest === undefined ? '' : desk.t('sound.spoken.talk', { who: newest.center_name })
      },
    }
  },
} satisfies ConsolePart
