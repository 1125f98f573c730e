/** Bookings stand outside of meetings: the page of a booking tells what became of it. */
import type { RecordPart } from '../contract'

const OUTSIDE = { untold: 'bookings belong to no meeting; their own page tells them' }

export default {
  entries: {
    'booking.made': OUTSIDE, 'booking.changed': OUTSIDE, 'booking.called_off': OUTSIDE, 'booking.hidden': OUTSIDE, 'booking.approved': OUTSIDE,
    'booking.rejected': OUTSIDE, 'booking.cancelled': OUTSIDE, 'booking.noticed': OUTSIDE, 'booking.opened': OUTSIDE,
    'booking.held': OUTSIDE, 'booking.missed': OUTSIDE, 'booking.approval_required': OUTSIDE,
    'template.saved': OUTSIDE, 'template.removed': OUTSIDE,
  },
} satisfies RecordPart
