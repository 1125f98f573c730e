/** The second stream: who shares a screen has it shown beside the speaker by the same key, until he stops or the chair takes it; a lost line gives it up and takes it again. */
import { computed, type ComputedRef, watch } from 'vue'

import type { Actions } from './actions'

import type { MeetingRoom } from '@/state/meetingRoom'
import type { ScreenShare } from '@/state/screenShare'

/** Who sees the screen that one shares: all, beside the speaker; or only who picks it out. Undefined while none is shared. */
export type SharedTo = 'all' | 'asked' | undefined

/** As long as the calling scope lives. */
export function useSecondStream(room: MeetingRoom, me: string, sharing: ScreenShare, actions: Pick<Actions, 'run'>): ComputedRef<SharedTo> {
  const stage = room.parts.value('stage')
  const shares = computed(() => sharing.state.value === 'on' || sharing.state.value === 'waiting')
  watch(shares, (on) => {
    if (on) void actions.run('own-screen', 'stage.share', {}, room.id)
    else if (stage.value?.second === me) void actions.run('own-screen', 'stage.unshare', {}, room.id)
  })
  /** Whether it was shown when the line broke: the hub may have given the place up meanwhile. */
  let had = false
  watch(sharing.state, (now, before) => {
    if (before === 'on') had = stage.value?.second === me
    else if (now === 'on' && had && stage.value?.second === null) void actions.run('own-screen', 'stage.share', {}, room.id)
  })
  return computed(() => (!shares.value ? undefined : stage.value?.second === me ? 'all' : 'asked'))
}
