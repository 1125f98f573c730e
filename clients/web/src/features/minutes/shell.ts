/** Minutes in the frame: how many wait for this person, and the way to them by Ctrl-K. */
import { useI18n } from 'vue-i18n'

import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'
import { approves, belowOf, cameBack, openWaiting } from './waiting'

export default {
  shell: (shell) => {
    if (!['leader', 'dispatcher', 'clerk'].includes(shell.role)) return undefined
    const { t } = useI18n()
    const all = openWaiting(shell.live, useSession().api)
    const below = belowOf(shell)
    const mine = () => all.value.filter((one) => approves(one, shell.account, below) || cameBack(one, shell.account))
    return {
      counts: () => ({ '/archive': mine().length }),
      waiting: () => mine().length,
      find: (text) => {
        const word = text.trim()
        if (word === '') return []
        const kind = t('minutes.found')
        const page = t('minutes.find').includes(word) ? [{ id: 'minutes', kind, text: t('minutes.find'), press: () => { shell.go({ name: 'minutes' }) } }] : []
        return [...page, ...mine().filter((one) => page.length > 0 || one.title.includes(word)).map((one) => ({
          id: `minutes ${one.id}`, kind, text: one.title, more: t(one.state === 'submitted' ? 'minutes.card.approve' : 'minutes.card.returned'),
          press: () => { shell.go({ name: 'minutes-one', params: { meeting: one.id } }) },
        }))]
      },
    }
  },
} satisfies ShellPart
