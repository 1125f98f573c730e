/** Tours on the console: the key and sheet that begin one, the line at the head of the pictures, the list, the keys of the keyboard. */
import { computed, defineAsyncComponent, ref, watch } from 'vue'

import type { CommandData, CommandKind, Participant, Tour } from '@/protocol/types'

import type { ConsolePart, Shown } from '../contract'
import { shown } from '../shown'
import { facesOf, nextOf, stepNames } from './going'
import type TourListSheet from './TourListSheet.vue'
import type TourSeen from './TourSeen.vue'
import type TourSheet from './TourSheet.vue'
import type TourStrip from './TourStrip.vue'

// fetched when they are first wanted
const Sheet = defineAsyncComponent<typeof TourSheet>(() => import('./TourSheet.vue').then((file) => file.default))
const Strip = defineAsyncComponent<typeof TourStrip>(() => import('./TourStrip.vue').then((file) => file.default))
const ListSheet = defineAsyncComponent<typeof TourListSheet>(() => import('./TourListSheet.vue').then((file) => file.default))
const SeenLine = defineAsyncComponent<typeof TourSeen>(() => import('./TourSeen.vue').then((file) => file.default))

const ALL = 'all'

type About = 'tour.next' | 'tour.back' | 'tour.pause' | 'tour.resume' | 'tour.stop'

export default {
  shortcuts: [
    { key: 't', shown: 'T', does: 'tour', says: 'tours.does.open', place: 37 },
    { key: '[', shown: '[', does: 'tourBack', says: 'tours.does.back', place: 37 },
    { key: ']', shown: ']', does: 'tourNext', says: 'tours.does.next', place: 37 },
    { key: 'g', shown: 'G', does: 'tourPause', says: 'tours.does.pause', place: 37 },
  ],
  desk(desk) {
    const me = desk.account.id
    const tours = desk.room.parts.rows('tours')
    const lists = desk.room.parts.rows('tour_lists')
    const faces = desk.room.parts.rows('tour_faces')
    /** While the meeting is paused nobody is seen. */
    const pause = desk.room.parts.value('pause')
    const control = computed(() => desk.room.can.value.has('meeting.control'))
    const opened = ref(false)
    const listed = ref<string | null>(null)
    const [brought, called] = [desk.room.parts.rows('cameras_here'), desk.room.parts.rows('phones_here')]
    const here = (rows: ReadonlyMap<string, Participant>): Participant[] => [...rows.values()].filter((one) => one.state === 'joined')
    const people = computed(() => [...(desk.meeting.value?.participants ?? []), ...here(brought.value), ...here(called.value)])
    const names = computed(() => stepNames([...brought.value.values(), ...called.value.values()], desk.nameOf))
    const nameOf = (step: string): string => names.value(step)
    const forAll = computed(() => facesOf(people.value, null))
    const forMe = computed(() => facesOf(people.value, me))
    const hereFor = (key: string): ReadonlyMap<string, string> => (key === me ? forMe.value : forAll.value)
    /** What the keys are about: one's own, else that of all. */
    const keyed = computed(() => (tours.value.has(me) ? me : tours.value.has(ALL) && control.value ? ALL : undefined))
    watch(tours, (now) => {
      if (listed.value !== null && !now.has(listed.value)) listed.value = null
    })

    function give(kind: About, key: string | undefined): void {
      const tour = key === undefined ? undefined : tours.value.get(key)
      if (tour === undefined) return
      const does = kind === 'tour.resume' ? 'pause' : kind.slice('tour.'.length)
      void desk.send(`tour-${does}:${tour.tour}`, kind satisfies CommandKind, { tour: tour.tour })
    }
    const turn = (key: string | undefined): void => {
      const tour = key === undefined ? undefined : tours.value.get(key)
      if (tour !== undefined) give(tour.state === 'running' || tour.rests === 'meeting' ? 'tour.pause' : 'tour.resume', key)
    }
    async function start(data: CommandData['tour.start']): Promise<void> {
      if (await desk.send('tour-start', 'tour.start', data)) opened.value = false
    }
    function strip(key: string): Shown {
      return shown(Strip, () => {
        const tour = tours.value.get(key)
        const list = lists.value.get(key)
        if (tour === undefined || list === undefined) return undefined
        return {
          actions: desk.actions,
          tour,
          list,
          here: hereFor(key),
          leads: control.value,
          keyed: keyed.value === key,
          now: desk.now.value,
          nameOf,
          onBack: () => give('tour.back', key),
          onNext: () => give('tour.next', key),
          onPause: () => give('tour.pause', key),
          onResume: () => give('tour.resume', key),
          onStay: () => void desk.send(`tour-stay:${tour.tour}`, 'tour.stay', { tour: tour.tour, seconds: 30 }),
          onStop: () => give('tour.stop', key),
          onList: () => (listed.value = key),
        }
      })
    }
    /** Whoever is next sends already when his turn comes. */
    const next = computed(() =>
      [me, ALL].flatMap((key) => {
        const tour = tours.value.get(key)
        const list = lists.value.get(key)
        if (tour === undefined || list === undefined || tour.state !== 'running' || tour.kind === 'mosaic') return []
        return nextOf(tour, list, hereFor(key)).flatMap((code) => hereFor(key).get(code) ?? [])
      }),
    )
    const says = (tour: Tour | undefined): string => {
      if (tour === undefined) return ''
      if (tour.state === 'paused') return desk.t('tours.spoken.paused')
      const [first] = tour.centers
      return first === undefined ? '' : desk.t('tours.spoken.step', { who: nameOf(first) })
    }
    return {
      aboveStage: [strip(me), strip(ALL)],
      onStage: [
        shown(SeenLine, () => {
          const face = faces.value.get(me)
          return face === undefined || pause.value?.paused === true ? undefined : { face }
        }),
      ],
      wants: () => next.value,
      keys: () => [
        {
          id: 'tour',
          name: 'tour',
          needs: 'meeting.control',
          place: 6,
          group: 'meeting',
          folds: true,
          does: 'tour',
          label: { says: 'tours.key' },
          tone: keyed.value === undefined ? 'plain' : 'on',
          press: () => {
            opened.value = true
          },
        },
      ],
      acts: {
        tourBack: () => give('tour.back', keyed.value),
        tourNext: () => give('tour.next', keyed.value),
        tourPause: () => turn(keyed.value),
      },
      spoken: () => says(keyed.value === undefined ? undefined : tours.value.get(keyed.value)),
      over: [
        shown(Sheet, () => {
          const meeting = desk.meeting.value
          if (!opened.value || meeting === undefined) return undefined
          return {
            actions: desk.actions,
            live: desk.live,
            centers: desk.centers.value,
            called: meeting.centers,
            cameras: here(brought.value),
            phones: here(called.value),
            chair: meeting.chair.center,
            sets: desk.targets.value,
            mine: tours.value.has(me),
            taken: tours.value.has(ALL),
            nameOf,
            onStart: (data: CommandData['tour.start']) => void start(data),
            onClose: () => (opened.value = false),
          }
        }),
        shown(ListSheet, () => {
          const key = listed.value
          const tour = key === null ? undefined : tours.value.get(key)
          const list = key === null ? undefined : lists.value.get(key)
          if (key === null || tour === undefined || list === undefined) return undefined
          return {
            actions: desk.actions,
            tour,
            list,
            here: hereFor(key),
            leads: control.value,
            nameOf,
            onPace: (seconds: number) => void desk.send(`tour-pace:${tour.tour}`, 'tour.pace', { tour: tour.tour, seconds }),
            onGo: (center: string) => void desk.send(`tour-go:${center}`, 'tour.go', { tour: tour.tour, center }),
            onClose: () => (listed.value = null),
          }
        }),
      ],
    }
  },
} satisfies ConsolePart
