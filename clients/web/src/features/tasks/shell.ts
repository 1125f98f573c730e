/** Routine tasks in the search of the frame. */
import { useI18n } from 'vue-i18n'

import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'

export default {
  shell(shell) {
    if (shell.role === 'station') return undefined
    const { t } = useI18n()
    const { api } = useSession()
    return { find: async (text) => (text.trim() === '' ? [] : (await import('./find')).foundTasks(api, shell, text.trim(), t('tasks.room'))) }
  },
} satisfies ShellPart
