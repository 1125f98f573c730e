/** What was written in the search of the frame (Ctrl-K), and the way to the page that finds all of it. */
import { useI18n } from 'vue-i18n'

import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'

/** These have the room of orders, which finds them. */
const WITH_ORDERS: readonly string[] = ['leader', 'dispatcher']

export default {
  shell(shell) {
    if (['system_admin', 'security_admin', 'grid_leader', 'grid_member'].includes(shell.role ?? '')) return undefined
    const { t, locale } = useI18n()
    const { api } = useSession()
    const orders = !WITH_ORDERS.includes(shell.role)
    return {
      find: async (text) => (await import('./find')).foundDocuments(api, shell, text, { orders, locale: locale.value, all: t('finding.all') }),
    }
  },
} satisfies ShellPart
