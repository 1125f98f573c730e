/** Plans in the search of the frame: by name and kind of event. */
import { useI18n } from 'vue-i18n'

import { readPlans } from '@/protocol/plansApi'
import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'

export default {
  shell(shell) {
    if (shell.role !== 'leader' && shell.role !== 'dispatcher') return undefined
    const { t } = useI18n()
    const { api } = useSession()
    return {
      async find(text) {
        const words = text.trim().toLowerCase()
        if (words === '') return []
        const plans = await readPlans(api).catch(() => [])
        return plans
          .filter((one) => `${one.name} ${one.event}`.toLowerCase().includes(words))
          .map((one) => ({ id: `plan ${one.id}`, text: one.name, kind: t('plans.found'), more: one.event, press: () => shell.go({ name: 'plans-plan', params: { plan: one.id } }) }))
      },
    }
  },
} satisfies ShellPart
