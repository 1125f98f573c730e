/** 一表通 in 巡查: views over registry and visits, one of them as a table, making one, figures from the city down to each grid. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./ViewsPage.vue')
const editor = () => import('./ViewEditor.vue')

export default {
  place: 67,
  path: '/patrol/views',
  within: '/patrol',
  says: 'views.room',
  icon: 'M4 5h16v14H4zM4 10h16M10 10v9M4 14.5h16',
  roles: ['leader', 'dispatcher'],
  pages: [
    { path: '', name: 'patrol-views', page },
    { path: 'new', name: 'patrol-view-new', page: editor },
    { path: 'figures', name: 'patrol-figures', page: () => import('./FiguresPage.vue') },
    { path: ':view', name: 'patrol-view', page },
    { path: ':view/edit', name: 'patrol-view-edit', page: editor },
  ],
} satisfies RoomPart
