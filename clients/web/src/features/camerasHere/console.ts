/** Cameras on the desk of a meeting: the key and its sheet, what is done about one, and the cameras of a center's card. */
import { computed, defineAsyncComponent, ref } from 'vue'

import { isCamera } from '@/parts/attendance'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import type CamerasSheet from './CamerasSheet.vue'

/** Fetched when it is first opened. */
const Sheet = defineAsyncComponent<typeof CamerasSheet>(() => import('./CamerasSheet.vue').then((file) => file.default))

export default {
  shortcuts: [{ key: 'k', shift: true, shown: '⇧K', does: 'cameras', says: 'camerasHere.does', place: 67 }],
  desk(desk) {
    const open = ref(false)
    /** The center whose cameras are looked at first. */
    const about = ref<string>()
    const rows = desk.room.parts.rows('cameras_here')
    const here = computed(() => [...rows.value.values()].filter((one) => one.state === 'joined'))
    const bring = (camera: string, sound: boolean): void => void desk.add(`camera:${camera}`, 'camera.bring', { camera, sound, found: null })
    const part = (camera: string): void => void desk.add(`camera:${camera}`, 'camera.part', { camera })
    function show(center?: string): void {
      about.value = center
      open.value = true
    }
    return {
      keys: () => [
        {
          id: 'cameras',
          name: 'cameras',
          needs: 'meeting.control',
          place: 13,
          group: 'meeting',
          folds: true,
          does: 'cameras',
          label: here.value.length > 0 ? { says: 'camerasHere.keyCount', words: { count: here.value.length } } : { says: 'camerasHere.key' },
          tone: here.value.length > 0 ? 'on' : 'plain',
          press: () => {
            show()
          },
        },
      ],
      about: (person) => {
        const camera = person !== undefined && isCamera(person.id)
        return [
          {
            verb: 'camera',
            where: 'both',
            place: 45,
            cameras: true,
            name: `camera:${person?.id ?? ''}`,
            needs: 'meeting.control',
            label: { says: camera ? 'camerasHere.out' : 'camerasHere.look' },
            disabled: person === undefined,
            press: () => {
              if (person === undefined) return
              if (camera) part(person.id)
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
            here: here.value,
            center: about.value,
            // those whose people are here, before those that are only called
            centers: [...new Set(meeting.participants.filter((one) => one.state === 'joined').map((one) => one.center))],
            nameOf: desk.nameOf,
            onBring: bring,
            onPart: part,
            onClose: () => (open.value = false),
          }
        }),
      ],
    }
  },
} satisfies ConsolePart
