/** Which page stands at which address, and where a role lands after signing in. */
import { createRouter, createWebHistory, type RouteLocationRaw, type Router, type RouterHistory } from 'vue-router'

import type { Role } from '@/protocol/types'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open the page: these roles, or whoever is signed in; without it nobody need be. */
    roles?: readonly Role[] | 'everybody'
    /** Ground of the page. */
    theme: 'dark' | 'light'
    /** Message key of the window title. */
    title: string
  }
}

const COMMANDING: readonly Role[] = ['leader', 'dispatcher']
const READING: readonly Role[] = ['leader', 'dispatcher', 'clerk', 'station', 'audit_admin']
const STATION: readonly Role[] = ['station', 'leader', 'dispatcher']

/** The page a person of this role works on. A role without a room of its own has its account's page, which admits everybody. */
export function landing(role: Role): RouteLocationRaw {
  switch (role) {
    case 'leader':
    case 'dispatcher':
      return { name: 'console' }
    case 'station':
      return { name: 'station' }
    case 'clerk':
    case 'audit_admin':
      return { name: 'archive' }
    default:
      return { name: 'account' }
  }
}

export function admits(roles: readonly Role[] | 'everybody', role: Role): boolean {
  return roles === 'everybody' || roles.includes(role)
}

/** `whoami` gives the role of the person signed in, or undefined; it may ask the hub once. */
export function makeRouter(whoami: () => Promise<Role | undefined>, history: RouterHistory = createWebHistory()): Router {
  const router = createRouter({
    history,
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
      {
        path: '/account',
        name: 'account',
        component: () => import('@/pages/account/AccountPage.vue'),
        meta: { roles: 'everybody', theme: 'light', title: 'account.title' },
      },
      { path: '/:rest(.*)*', name: 'start', redirect: '/console' },
    ],
  })
  router.beforeEach(async (to) => {
    if (to.meta.roles === undefined) return true
    const role = await whoami()
    if (role === undefined) return { name: 'signin', query: { next: to.fullPath } }
    return admits(to.meta.roles, role) ? true : landing(role)
  })
  return router
}
