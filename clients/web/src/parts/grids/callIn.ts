/** Calling grid members' phones into the meeting that one leads, from wherever they are shown. */
import { computed, type ComputedRef } from 'vue'

import { type Actions, useActions } from '@/parts/actions'
import type { Shell } from '@/state/shell'

/** Most phones in one meeting, as the hub has it. */
export const MOST_PHONES = 16

export interface CallIn {
  readonly actions: Actions
  /** Accounts that are called there, or in it by phone; undefined where one leads no meeting now. */
  readonly inside: ComputedRef<ReadonlySet<string> | undefined>
  readonly full: ComputedRef<boolean>
  call: (account: string) => void
}

export function useCallIn(shell: Pick<Shell, 'live' | 'meeting'>): CallIn {
  const actions = useActions(shell.live)
  const inside = computed(() => {
    const room = shell.meeting.value
    if (room?.can.value.has('meeting.control') !== true) return undefined
    const seats = [...room.parts.rows('phones_here').value.values()]
    return new Set(seats.filter((one) => one.state === 'joined' || one.until !== null).map((one) => one.id))
  })
  return {
    actions,
    inside,
    full: computed(() => (inside.value?.size ?? 0) >= MOST_PHONES),
    call: (account) => {
      const room = shell.meeting.value
      if (room !== undefined) void actions.run(`phone:${account}`, 'phone.call', { account }, room.id)
    },
  }
}
