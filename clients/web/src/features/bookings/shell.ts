/** Bookings in the frame: how many wait for one's approval, and finding one by its title. */
import { useI18n } from 'vue-i18n'

import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'
import { openBook, readsBookings } from './shared'
import { isAhead, mayDecide, passes } from './states'
import { inZone } from './zone'

export default {
  shell: (shell) => {
    if (!readsBookings(shell.role)) return undefined
    const { t } = useI18n()
    const book = openBook(shell, useSession().api)
    const waiting = (): number => book.all.value.filter((one) => mayDecide(one, shell.account, shell.live.can.value)).length
    return {
      counts: () => ({ '/meetings': waiting() }),
      waiting,
      find: (text) =>
        text.trim() === ''
          ? []
          : book.all.value.filter((one) => isAhead(one) && passes(one, { text, which: 'all' }, shell.account))
              .map((one) => {
                const at = inZone(one.starts_at, book.zone.value)
                return { id: `booking ${one.id}`, kind: t('bookings.found'), text: one.title, more: `${at.day} ${at.time} · ${one.chair.center_name}`, press: () => { shell.go({ name: 'meetings-booking', params: { booking: one.id } }) } }
              }),
    }
  },
} satisfies ShellPart
