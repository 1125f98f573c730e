/** The own sound at the station: what has to be known of it, and the key to talk. What is shown is fetched when there is something. */
import { computed, defineAsyncComponent } from 'vue'

import type { StationDesk, StationPart } from '../contract'
import { useTalking } from './talking'

const notice = defineAsyncComponent(() => import('./SoundNotice.vue'))
const key = defineAsyncComponent(() => import('./TalkKey.vue'))
const choice = defineAsyncComponent(() => import('./MutedNotice.vue'))

export default {
  station: (desk: StationDesk) => {
    const me = desk.account.id
    const sound = computed(() => desk.room.value?.parts.value('sound').value)
    const own = computed(() => desk.room.value?.parts.rows('own_sound').value.get(me))
    const seat = computed(() => desk.room.value?.parts.rows('seats').value.get(me))
    const talking = useTalking(desk.live, () => desk.room.value?.id, me, sound)
    /** Whether the microphone was off before the key was held: it is off again afterwards. */
    let wasOff = false
    const hold = (): void => {
      wasOff = desk.microphone.off.value
      if (wasOff) desk.microphone.open(true)
      talking.hold()
    }
    const release = (): void => {
      talking.release()
      if (wasOff) desk.microphone.open(false)
      wasOff = false
    }
    const told = computed(() => {
      const meeting = desk.room.value?.id
      if (sound.value === undefined || meeting === undefined) return undefined
      if (own.value === undefined && sound.value.apart.length === 0) return undefined
      return { actions: desk.actions, meeting, me, sound: sound.value, own: own.value, control: false }
    })
    return {
      strip: { component: notice, given: () => told.value },
      panes: [
        {
          where: 'keys',
          place: 5,
          pane: {
            component: key,
            given: () =>
              sound.value?.mode !== 'talk'
                ? undefined
                : { sound: sound.value, me, state: talking.state.value, muted: seat.value?.muted ?? false, now: desk.now.value, onHold: hold, onRelease: release },
          },
        },
        {
          where: 'keys',
          place: 6,
          pane: {
            component: choice,
            given: () =>
              sound.value === undefined || seat.value?.muted !== true || desk.room.value === undefined
                ? undefined
                : { actions: desk.actions, meeting: desk.room.value.id, may: sound.value.self_unmute, waits: desk.room.value.parts.rows('floor').value.get(me)?.state === 'waiting' },
          },
        },
      ],
    }
  },
} satisfies StationPart
