/** Security in the frame: the lock of a desk that nobody sits at, as the policy has it. */
import { onScopeDispose, shallowRef } from 'vue'

import { SecurityApi } from '@/protocol/securityApi'
import { useDeskLock } from '@/state/deskLock'
import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'
import { shown } from '../shown'
import LockCover from './LockCover.vue'
import { waitingRights } from './waiting'

/** So often (ms) the policy is read again: it is in force at once for what the hub does, and soon for the page. */
const READ_MS = 60_000

export default {
  shell: (shell) => {
    // a station answers by itself, its page is no desk
    if (shell.role === 'station') return undefined
    const api = new SecurityApi(useSession().api)
    const minutes = shallowRef(0)
    const sound = shallowRef(true)
    const lock = useDeskLock(shell.account.id, minutes)
    const read = async (): Promise<void> => {
      try {
        const { own } = await api.policies()
        minutes.value = own.lock.minutes ?? 0
        sound.value = own.lock.sound ?? true
      } catch {
        // what was read before holds
      }
    }
    const decides = shell.role === 'security_admin'
    const readRights = async (): Promise<void> => {
      try {
        waitingRights.value = (await api.rights()).rights.length
      } catch {
        // the number stands as it was read; the section says as of when
      }
    }
    const readAll = (): void => {
      void read()
      if (decides) void readRights()
    }
    readAll()
    const reading = setInterval(readAll, READ_MS)
    onScopeDispose(() => {
      clearInterval(reading)
    })
    return {
      // how many rights wait for a second person
      ...(decides && { counts: () => ({ '/admin': waitingRights.value }), waiting: () => waitingRights.value }),
      over: [shown(LockCover, () => (lock.locked.value ? { account: shell.account, sound: sound.value, onOpen: lock.open } : undefined))],
    }
  },
} satisfies ShellPart
