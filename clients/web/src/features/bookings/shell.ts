/** Bookings in the frame: how many wait for one's approval, and finding one by its title. */
import { defineAsyncComponent } from 'vue'
import { useI18n } from 'vue-i18n'

import { useSession } from '@/state/session'

import type { Found, ShellPart } from '../rooms.contract'
import { shown } from '../shown'
import type Box from './ConveneBox.vue'
import { openBook, readsBookings } from './shared'
import { isAhead, mayDecide, passes } from './states'
import { openTemplates } from './templates'
import { inZone } from '@/parts/zone'

/** Asked about seldom: not in the first load. */
const ConveneBox = defineAsyncComponent<typeof Box>(() => import('./ConveneBox.vue').then((file) => file.default))
const convenes = (role: string): boolean => role === 'leader' || role === 'dispatcher'

export default {
  shell: (shell) => {
    if (!readsBookings(shell.role)) return undefined
    const { t } = useI18n()
    const { api } = useSession()
    const book = openBook(shell, api)
    const touch = convenes(shell.role) ? openTemplates(shell, api) : undefined
    const waiting = (): number => book.all.value.filter((one) => mayDecide(one, shell.account, shell.live.can.value)).length
    /** Templates that call at once. */
    const templatesFound = (text: string): readonly Found[] =>
      (touch?.all.value ?? []).filter((one) => one.title.includes(text.trim()) && (touch?.called(one).length ?? 0) > 0).map((one) => ({
        id: `template ${one.id}`,
        kind: t('bookings.convene.found'),
        text: one.title,
        more: t('bookings.convene.confirm', { count: touch?.called(one).length ?? 0 }),
        press: () => {
          if (touch !== undefined) touch.asked.value = one
        },
      }))
    return {
      counts: () => ({ '/meetings': waiting() }),
      waiting,
      over: touch === undefined ? [] : [shown(ConveneBox, () => (touch.asked.value === undefined ? undefined : { template: touch.asked.value, called: touch.called(touch.asked.value), onClose: () => (touch.asked.value = undefined) }))],
      find: (text) =>
        text.trim() === ''
          ? []
          : [...templatesFound(text), ...book.all.value.filter((one) => isAhead(one) && passes(one, { text, which: 'all' }, shell.account))
              .map((one) => {
                const at = inZone(one.starts_at, book.zone.value)
                return { id: `booking ${one.id}`, kind: t('bookings.found'), text: one.title, more: `${at.day} ${at.time} · ${one.chair.center_name}`, press: () => { shell.go({ name: 'meetings-booking', params: { booking: one.id } }) } }
              })],
    }
  },
} satisfies ShellPart
