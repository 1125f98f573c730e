/** Words of booked meetings and templates; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  command: {
    'booking.make': 'booking a meeting', 'booking.change': 'changing a booking', 'booking.approve': 'approving a booking', 'booking.reject': 'rejecting a booking', 'booking.cancel': 'cancelling a booking',
    'booking.open': 'opening the booked meeting', 'booking.require_approval': 'setting approval of bookings', 'template.save': 'saving a template', 'template.remove': 'removing a template', 'template.convene': 'convening from a template',
  },
  entry: {
    'booking.made': 'Meeting booked', 'booking.changed': 'Booking changed', 'booking.called_off': 'Not called any more', 'booking.approved': 'Booking approved', 'booking.rejected': 'Booking rejected',
    'booking.cancelled': 'Booking cancelled', 'booking.noticed': 'Notice given', 'booking.opened': 'Opened as booked', 'booking.held': 'Held', 'booking.missed': 'Did not take place',
    'booking.approval_required': 'Approval of bookings', 'template.saved': 'Template saved', 'template.removed': 'Template removed',
  },
} satisfies Translated<typeof zh>
