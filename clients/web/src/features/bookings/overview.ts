/** Bookings on 总览: the meetings of the day, and how many wait for approval. */
import type { OverviewPart } from '../rooms.contract'
import { shown } from '../shown'
import DayCard from './DayCard.vue'
import { bookOf, readsBookings } from './shared'
import { isAhead, mayDecide } from './states'
import TemplateKeys from './TemplateKeys.vue'
import { templatesOf } from './templates'
import WaitingCard from './WaitingCard.vue'
import { inZone } from '@/parts/zone'

export default {
  overview: (shell) => {
    if (!readsBookings(shell.role)) return undefined
    const book = bookOf(shell)
    const today = (): string => inZone(shell.now.value, book.zone.value).day
    const ahead = (): readonly (typeof book.all.value)[number][] => book.all.value.filter(isAhead)
    const waiting = (): typeof book.all.value => book.all.value.filter((one) => mayDecide(one, shell.account, shell.live.can.value))
    return {
      figures: () => (book.ready.value ? [{ id: 'bookings', place: 30, says: 'bookings.overview.count', value: ahead().filter((one) => inZone(one.starts_at, book.zone.value).day === today()).length, to: { name: 'meetings' } }] : []),
      cards: [
        { column: 'call', place: 10, card: shown(TemplateKeys, () => ((templatesOf(shell)?.all.value ?? []).length > 0 ? {} : undefined)) },
        { column: 'waits', place: 30, card: shown(WaitingCard, () => (waiting().length > 0 ? { bookings: waiting() } : undefined)) },
        { column: 'today', place: 10, card: shown(DayCard, () => ({ bookings: ahead() })) },
      ],
    }
  },
} satisfies OverviewPart
