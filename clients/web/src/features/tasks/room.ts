/** Routine tasks, in 情况: what is asked, who has answered, who has not. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./TasksPage.vue')

export default {
  place: 32,
  path: '/cases/tasks',
  within: '/cases',
  says: 'tasks.room',
  icon: 'M5 4h14v16H5zM8 9l2 2 4-4M8 15h8',
  roles: ['leader', 'dispatcher', 'clerk', 'station', 'audit_admin'],
  pages: [
    { path: '', name: 'cases-tasks', page },
    { path: 'new', name: 'cases-tasks-new', page: () => import('./TaskForm.vue') },
    { path: ':task', name: 'cases-task', page },
  ],
} satisfies RoomPart
