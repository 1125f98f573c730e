/** Incidents and appeals in the search of the frame: by number, title, place. */
import { useI18n } from 'vue-i18n'

import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'

export default {
  shell(shell) {
    if (!['leader', 'dispatcher', 'clerk'].includes(shell.role)) return undefined
    const { t } = useI18n()
    const { api } = useSession()
    return { find: async (text) => (text.trim().length < 2 ? [] : (await import('./find')).foundIncidents(api, shell, text.trim(), t('incidents.room'))) }
  },
} satisfies ShellPart
