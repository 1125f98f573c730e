/** Which page stands at which address, and where a role lands after signing in. */
import { createRouter, createWebHistory, type RouteLocationRaw, type Router, type RouteRecordRaw, type RouterHistory } from 'vue-router'

import type { More } from '@/i18n'
import type { Role } from '@/protocol/types'
import { administers, COMMANDING, GRID_ROLES, homeOf, ROOMS, STATION_ROOM } from '@/shell/rooms'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open the page: these roles, or whoever is signed in; without it nobody need be. */
    roles?: readonly Role[] | 'everybody'
    /** Ground of the page, as long as nobody chose one. */
    theme: 'dark' | 'light'
    /** Message key of the window title. */
    title: string
    /** Without rail and top bar. */
    bare?: boolean
    /** Path of the room that it belongs to. */
    room?: string
  }
}

/** The page a person of this role works on. */
export function landing(role: Role): RouteLocationRaw {
  return { name: homeOf(role) }
}

export function admits(roles: readonly Role[] | 'everybody', role: Role): boolean {
  return roles === 'everybody' || roles.includes(role)
}

/** A room's addresses, below the frame. */
const rooms = ROOMS.flatMap((room) =>
  room.pages.map(
    (page): RouteRecordRaw => ({
      path: page.path === '' ? room.path : `${room.path}/${page.path}`,
      name: page.name,
      component: page.page,
      props: true,
      meta: {
        roles: room.roles,
        theme: room.roles === COMMANDING ? 'dark' : 'light',
        title: room.says,
        room: room.within ?? room.path,
        ...(page.bare === true && { bare: true }),
      },
    }),
  ),
)

export interface Guards {
  /** The role of the person signed in, or undefined; it may ask the hub once. */
  whoami: () => Promise<Role | undefined>
  /** Whether the hub waits to be set up: it has no accounts yet. */
  unset?: () => Promise<boolean>
  /** Have these words at hand. */
  words?: (...what: readonly More[]) => Promise<void>
}

export function makeRouter({ whoami, unset, words }: Guards, history: RouterHistory = createWebHistory()): Router {
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
        path: '/setup',
        name: 'setup',
        component: () => import('@/pages/setup/SetupPage.vue'),
        meta: { theme: 'light', title: 'setup.title' },
      },
      {
        path: STATION_ROOM.path,
        name: 'station',
        component: () => import('@/pages/station/StationPage.vue'),
        meta: { roles: STATION_ROOM.roles, theme: 'light', title: 'station.title' },
      },
      {
        path: '/',
        component: () => import('@/shell/ShellPage.vue'),
        meta: { roles: 'everybody', theme: 'light', title: 'account.title' },
        children: [
          ...rooms,
          {
            path: '/account',
            name: 'account',
            component: () => import('@/pages/account/AccountPage.vue'),
            meta: { roles: 'everybody', theme: 'light', title: 'account.title' },
          },
        ],
      },
      // the big screen: nothing of the frame around it
      {
        path: '/wall/:meeting/:screen([1-6])?',
        name: 'wall',
        component: () => import('@/pages/wall/WallPage.vue'),
        props: true,
        meta: { roles: COMMANDING, theme: 'dark', title: 'stage.wallPage.name' },
      },
      // a page of its own (vite.grid.config.ts): it is loaded from the hub
      {
        path: '/grid',
        name: 'grid',
        component: { mounted: () => window.location.replace('/grid'), render: () => null },
        meta: { roles: GRID_ROLES, theme: 'light', title: 'account.title' },
      },
      // where the console stood before there were rooms
      {
        path: '/console',
        name: 'console',
        redirect: (to) => ({ name: 'command', params: { meeting: typeof to.query['meeting'] === 'string' ? to.query['meeting'] : '' }, query: {} }),
      },
      { path: '/:rest(.*)*', name: 'start', component: { render: () => null }, meta: { roles: [], theme: 'light', title: 'account.title' } },
    ],
  })
  router.beforeEach(async (to) => {
    if (to.name === 'signin' && (await unset?.()) === true) return { name: 'setup' }
    if (to.meta.roles === undefined) return true
    const role = await whoami()
    if (role === undefined) return { name: 'signin', query: { next: to.fullPath } }
    return admits(to.meta.roles, role) ? true : landing(role)
  })
  // a room without its words would show their keys: it is not entered without them
  router.beforeResolve(async (to) => {
    if (words === undefined || (to.matched.length <= 1 && to.name !== 'setup' && to.name !== 'wall')) return
    // who looks after the house reads entries of all kinds
    const house: readonly More[] = to.name !== 'setup' && administers(await whoami()) ? ['house', 'call', 'own'] : []
    await words('desk', ...house, ...(to.name === 'account' || to.name === 'setup' ? (['own'] as const) : []), ...(to.name === 'wall' ? (['call'] as const) : []), ...(to.name === 'archive-meeting' ? (['call', 'archive'] as const) : []))
  })
  return router
}
