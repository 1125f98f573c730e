/** Units on the console: the key and its sheet, the strip at the head of the pictures, what is said aloud. */
import { computed, defineAsyncComponent, ref } from 'vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import type UnitsSheet from './UnitsSheet.vue'
import type UnitStrip from './UnitStrip.vue'

// fetched when they are first wanted
const Sheet = defineAsyncComponent<typeof UnitsSheet>(() => import('./UnitsSheet.vue').then((file) => file.default))
const Strip = defineAsyncComponent<typeof UnitStrip>(() => import('./UnitStrip.vue').then((file) => file.default))

export default {
  shortcuts: [{ key: 'u', shift: true, shown: '⇧U', does: 'units', says: 'units.does', place: 66 }],
  desk(desk) {
    const open = ref(false)
    const upper = desk.room.parts.value('upper')
    const units = desk.room.parts.rows('units')
    const control = computed(() => desk.room.can.value.has('meeting.control'))
    const asks = computed(() => [...units.value.values()].filter((one) => one.state === 'asked'))
    const calls = (): number => (control.value ? asks.value.length + Number(upper.value?.state === 'invited') : 0)
    const joined = computed(() => [...units.value.values()].filter((one) => one.state === 'joined').length)
    const accept = (other: string): void => void desk.send(`unit-accept:${other}`, 'unit.accept', { other })
    const end = (other: string): void => void desk.send(`unit-end:${other}`, 'unit.end', { other, reason: '' })
    /** The answer to the roll call above is given there. */
    const normal = (other: string): void => void desk.actions.run(`unit-normal:${other}`, 'roll_call.answer', { situation: 'normal', text: '' }, other)
    return {
      aboveStage: [
        shown(Strip, () => {
          if ((upper.value?.state ?? null) === null && asks.value.length + joined.value === 0) return undefined
          return { actions: desk.actions, upper: upper.value, units: units.value, control: control.value, leads: desk.meeting.value?.chair.id === desk.account.id, onAccept: accept, onEnd: end, onNormal: normal, onShow: () => (open.value = true) }
        }),
      ],
      keys: () => [
        {
          id: 'units',
          name: 'units',
          needs: 'meeting.control',
          place: 12,
          group: 'meeting',
          folds: true,
          does: 'units',
          label: { says: 'units.key' },
          tone: upper.value?.state === 'joined' || joined.value > 0 ? 'on' : 'plain',
          press: () => {
            open.value = true
          },
        },
      ],
      figures: () => (joined.value > 0 ? [{ id: 'units', place: 11, says: 'units.figure', value: joined.value }] : []),
      waiting: calls,
      spoken: () => {
        const [first] = asks.value
        if (first !== undefined && control.value) return desk.t('units.spoken.asked', { center: first.of.center_name })
        const of = upper.value?.of ?? undefined
        if (of === undefined) return ''
        if (upper.value?.called === true) return desk.t('units.spoken.called', { center: of.center_name })
        return upper.value?.state === 'asked' ? '' : desk.t(`units.spoken.${upper.value?.state ?? 'joined'}`, { center: of.center_name })
      },
      over: [
        shown(Sheet, () => {
          const meeting = desk.meeting.value
          if (!open.value || meeting === undefined) return undefined
          return {
            actions: desk.actions,
            me: desk.account.id,
            meeting,
            upper: upper.value,
            units: units.value,
            onInvite: (other: string) => void desk.send(`unit-invite:${other}`, 'unit.invite', { other }),
            onAsk: (other: string) => void desk.send(`unit-ask:${other}`, 'unit.ask', { other }),
            onAccept: accept,
            onEnd: end,
            onClose: () => (open.value = false),
          }
        }),
      ],
    }
  },
} satisfies ConsolePart
