/** Words of booked meetings and templates; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Meetings',
  found: 'Booking',
  zone: 'Times are {zone}',
  state: { proposed: 'Waits for approval', approved: 'Approved', noticed: 'Notice given', opened: 'Running', held: 'Held', rejected: 'Rejected', cancelled: 'Cancelled', missed: 'Did not take place' },
  missed: { not_approved: 'not approved in time', not_opened: 'nobody opened it in time', late: 'the hub did not run at its time', nobody_came: 'nobody came', nobody_to_call: 'neither chair nor booker may convene it any more' },
  day: { today: 'Today', tomorrow: 'Tomorrow', yesterday: 'Yesterday' },
  page: { called: '{names}, {count} center | {names} and others, {count} centers', calledFew: '{names}', reading: 'Reading meetings…' },
  ask: { opensRecord: 'recording begins at once' },
  template: { mine: 'Me', center: 'My center', failed: 'Templates cannot be read ({why})' },
  convene: { title: 'Convene from a template', found: 'Convene', hint: 'Calls these centers at once, after one question', nobody: 'This template has nobody to call now', ask: 'Convene {count} centers as “{title}”?', rings: 'Their stations ring at once; you chair the meeting', busy: '{count} of them are in the meeting “{title}”', leaves: 'You leave “{title}”; it goes on, and can be entered again', confirm: 'Convene {count} centers', calling: 'Convening…' },
  overview: { title: 'Meetings today', none: 'No meeting is booked for today', all: 'All meetings', waits: 'Meetings waiting for approval', next: 'Next: {day} {time} {title}', count: 'Meetings today' },
  minutes: { min: '{count} min', hour: '{count} h', day: '{count} day | {count} days' },
  command: {
    'booking.make': 'booking a meeting', 'booking.change': 'changing a booking', 'booking.approve': 'approving a booking', 'booking.reject': 'rejecting a booking', 'booking.cancel': 'cancelling a booking',
    'booking.open': 'opening the booked meeting', 'booking.require_approval': 'setting approval of bookings', 'template.save': 'saving a template', 'template.remove': 'removing a template', 'template.convene': 'convening from a template',
  },
  entry: {
    'booking.made': 'Meeting booked', 'booking.changed': 'Booking changed', 'booking.called_off': 'Not called any more', 'booking.hidden': 'Booking made secret', 'booking.approved': 'Booking approved', 'booking.rejected': 'Booking rejected',
    'booking.cancelled': 'Booking cancelled', 'booking.noticed': 'Notice given', 'booking.opened': 'Opened as booked', 'booking.held': 'Held', 'booking.missed': 'Did not take place',
    'booking.approval_required': 'Approval of bookings', 'template.saved': 'Template saved', 'template.removed': 'Template removed',
  },
} satisfies Translated<typeof zh>
