/** 巡查任务, in 巡查: rounds of today, routes, one round walked or read, the ledgers of rounds and findings, numbers. */
import type { RoomPart } from '../rooms.contract'

export default {
  place: 62,
  path: '/patrol/rounds',
  within: '/patrol',
  says: 'patrol.room',
  icon: 'M5 19c0-6 14-4 14-10M5 19a2 2 0 1 0 0-.1M19 5a2 2 0 1 0 0 .1',
  roles: ['leader', 'dispatcher', 'station', 'clerk', 'audit_admin'],
  pages: [
    { path: '', name: 'patrol-rounds', page: () => import('./TodayPage.vue') },
    { path: 'ledger', name: 'patrol-ledger', page: () => import('./LedgerPage.vue') },
    { path: 'ledger/:round', name: 'patrol-ledger-one', page: () => import('./LedgerPage.vue') },
    { path: 'routes', name: 'patrol-routes', page: () => import('./RoutesPage.vue') },
    { path: 'routes/new', name: 'patrol-route-new', page: () => import('./RouteEditor.vue') },
    { path: 'routes/:route', name: 'patrol-route', page: () => import('./RoutesPage.vue') },
    { path: 'routes/:route/edit', name: 'patrol-route-edit', page: () => import('./RouteEditor.vue') },
    { path: 'numbers', name: 'patrol-numbers', page: () => import('./NumbersPage.vue') },
    { path: ':round', name: 'patrol-round', page: () => import('./RoundPage.vue') },
    { path: ':round/walk', name: 'patrol-walk', page: () => import('./WalkPage.vue') },
  ],
} satisfies RoomPart
