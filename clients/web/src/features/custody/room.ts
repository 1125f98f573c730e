/** 保存与销毁, in 档案: what would go and why the rest stays, lists that two persons agree to, what is held. */
import type { RoomPart } from '../rooms.contract'

export default {
  place: 72,
  path: '/custody',
  within: '/archive',
  says: 'custody.room',
  icon: 'M4 7h16M6 7v13h12V7M9 4h6M10 11v5M14 11v5',
  roles: ['leader', 'clerk', 'audit_admin'],
  pages: [
    { path: '', name: 'custody', page: () => import('./CustodyPage.vue') },
    { path: ':disposal', name: 'custody-list', page: () => import('./DisposalPage.vue') },
  ],
} satisfies RoomPart
