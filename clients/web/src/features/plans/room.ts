/** Plans, in 会议: what an event needs, prepared; started by one key. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./PlansPage.vue')
const form = () => import('./PlanForm.vue')

export default {
  place: 51,
  path: '/meetings/plans',
  within: '/meetings',
  says: 'plans.room',
  icon: 'M6 3h9l4 4v14H6zM14 3v5h5M9 13l2 2 4-4',
  roles: ['leader', 'dispatcher'],
  pages: [
    { path: '', name: 'plans', page },
    { path: 'new', name: 'plans-new', page: form },
    { path: ':plan', name: 'plans-plan', page },
    { path: ':plan/change', name: 'plans-change', page: form },
  ],
} satisfies RoomPart
