/** What a station needs last: fetched when its page stands and nothing else is waited for, or the hub tells of such a thing. */
import { onScopeDispose, type Ref, ref, watch } from 'vue'

import type { ChangedEvent } from '@/protocol/types'
import type { Live } from '@/state/live'

/** So long (ms) after the greeting whatever else the page needs is there. */
const REST_MS = 2000

/** Whether its time has come; for as long as the calling scope lives. */
export function useRested({ greeted, socket }: Pick<Live, 'greeted' | 'socket'>, kind: ChangedEvent['what']): Readonly<Ref<boolean>> {
  const due = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    greeted,
    (there) => {
      if (there) timer ??= setTimeout(() => (due.value = true), REST_MS)
    },
    { immediate: true },
  )
  const off = socket.on('changed', ({ what }) => {
    if (what === kind) due.value = true
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    off()
  })
  return due
}
