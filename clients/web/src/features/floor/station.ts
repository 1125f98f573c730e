/** The floor at the station: a large key that asks, takes back and finishes; in words, how one stands. */
import { computed, onScopeDispose, ref, watch } from 'vue'

import { Bell, ON_AIR_CHIME } from '@/parts/tone'

import type { StationPart } from '../contract'
import { shown } from '../shown'
import FloorStrip from './FloorStrip.vue'
import { left, type News, newsOf, SHORT_MS } from './claims'

const HAND = 'M8 12V6a1.5 1.5 0 0 1 3 0v5V4.5a1.5 1.5 0 0 1 3 0V11V6a1.5 1.5 0 0 1 3 0v8a6 6 0 0 1-11 3l-3-5a1.5 1.5 0 0 1 2.5-1.5z'
/** The time ends. */
const ENDS = [{ hz: 660, at: 0, seconds: 0.2 }]
/** So long it is said how it ended. */
const SAID_MS = 8_000

export default {
  station(desk) {
    const me = desk.account.id
    const claim = computed(() => desk.room.value?.parts.rows('floor').value.get(me))
    const news = ref<News>('')
    /** How far this machine's clock is before the hub's, as seen when the word was given. */
    const ahead = ref(0)
    const bell = new Bell()
    let asked = false
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      [() => desk.room.value?.id, claim] as const,
      ([meeting, after], [meetingBefore, before]) => {
        if (meeting !== meetingBefore) {
          news.value = ''
          return
        }
        const now = newsOf(before, after, asked)
        asked = false
        if (now === 'granted' && after !== undefined) {
          ahead.value = before === undefined ? 0 : Date.now() - Date.parse(after.at)
          void bell.wake().then(() => {
            if (claim.value?.state === 'speaking') bell.play(ON_AIR_CHIME)
          })
        }
        news.value = now
        clearTimeout(timer)
        timer = setTimeout(() => (news.value = ''), SAID_MS)
      },
    )
    // the last seconds are heard, too: who speaks looks at nobody's clock
    const ends = computed(() => {
      const now = claim.value
      const rest = now?.state === 'speaking' && !now.over ? left(now, desk.now.value - ahead.value) : undefined
      return rest !== undefined && rest < SHORT_MS
    })
    watch(ends, (short) => {
      if (short) bell.play(ENDS)
    })
    onScopeDispose(() => {
      clearTimeout(timer)
    })
    return {
      keys: () => {
        const meeting = desk.room.value?.id
        const state = claim.value?.state === 'denied' ? undefined : claim.value?.state
        const kind = state === undefined ? 'floor.request' : state === 'waiting' ? 'floor.withdraw' : 'floor.release'
        return [
          {
            id: 'floor',
            name: 'floor',
            place: 10,
            icon: HAND,
            label: { says: `floor.station.key.${state ?? 'none'}` },
            state: state ?? 'none',
            pressed: state !== undefined,
            press: () => {
              asked = state !== undefined
              void desk.actions.run('floor', kind, {}, meeting)
            },
          },
        ]
      },
      strip: shown(FloorStrip, () => ({ actions: desk.actions, meeting: desk.room.value?.id ?? '', claim: claim.value, news: news.value, now: desk.now.value - ahead.value })),
    }
  },
} satisfies StationPart
