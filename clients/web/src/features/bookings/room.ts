/** The room 会议: what is booked, approved, running and past. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./MeetingsPage.vue')
const form = () => import('./FormPage.vue')

export default {
  place: 50,
  path: '/meetings',
  says: 'bookings.room',
  icon: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5M8 14h3v3H8z',
  roles: ['leader', 'dispatcher', 'clerk'],
  pages: [
    { path: '', name: 'meetings', page },
    { path: 'new', name: 'meetings-new', page: form },
    { path: ':booking', name: 'meetings-booking', page },
    { path: ':booking/change', name: 'meetings-change', page: form },
  ],
} satisfies RoomPart
