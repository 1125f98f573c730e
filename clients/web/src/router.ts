/** Which page stands at which address, and where a role lands after signing in. */
import { createRouter, createWebHistory, type RouteLocationRaw, type Router } from 'vue-router'

import type { Role } from '@/protocol/types'

declare module 'vue-router' {
  interface RouteMeta {
    /** Roles that may open the page; without it nobody need be signed in. */
    roles?: readonly Role[]
    /** Ground of the page. */
    theme: 'dark' | 'light'
    /** Message key of the window title. */
    title: string
  }
}

const COMMANDING: readonly Role[] = ['leader', 'dispatcher']
const READING: readonly Role[] = ['leader', 'dispatcher', 'clerk', 'station', 'audit_admin']
const STATION: readonly Role[] = ['station', 'leader', 'dispatcher']

/** The page a person of this role works on. */
export function landing(role: Role): RouteLocationRaw {
  switch (role) {
    case 'leader':
    case 'dispatcher':
      return { name: 'console' }
    case 'station':
      return { name: 'station' }
    default:
      return { name: 'archive' }
  }
}

/** `whoami` gives the role of the person signed in, or undefined; it may ask the hub once. */
export function makeRouter(whoami: () => Promise<Role | undefined>): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      {
        path: '/signin',
        name: 'signin',
        component: () => import('@/pages/signin/SignInPage.vue'),
        meta: { theme: 'light', title: 'signin.title' },
      },
      {
        path: '/console',
        name: 'console',
        component: () => import('@/pages/console/ConsolePage.vue'),
        meta: { roles: COMMANDING, theme: 'dark', title: 'console.title' },
      },
      {
        path: '/station',
        name: 'station',
        component: () => import('@/pages/station/StationPage.vue'),
        meta: { roles: STATION, theme: 'light', title: 'station.title' },
      },
      {
        path: '/archive',
        name: 'archive',
        component: () => import('@/pages/archive/ArchivePage.vue'),
        meta: { roles: READING, theme: 'light', title: 'archive.title' },
      },
      {
        path: '/archive/:meeting',
        name: 'archive-meeting',
        component: () => import('@/pages/archive/MeetingPage.vue'),
        props: true,
        meta: { roles: READING, theme: 'light', title: 'archive.title' },
      },
      { path: '/:rest(.*)*', name: 'start', redirect: { name: 'console' } },
    ],
  })
  router.beforeEach(async (to) => {
    if (to.meta.roles === undefined) return true
    const role = await whoami()
    if (role === undefined) return { name: 'signin', query: { next: to.fullPath } }
    if (!to.meta.roles.includes(role)) return landing(role)
    return true
  })
  return router
}
