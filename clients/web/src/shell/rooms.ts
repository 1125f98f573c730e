/** The rooms of the app: those that stand by themselves, and those that features bring. What a role may not enter it does not see. */
import type { Role } from '@/protocol/types'

import { sectionsOf } from '@/features/admin'
import { ROOMS as OF_FEATURES } from '@/features/rooms'
import type { RoomPart } from '@/features/rooms.contract'

export const COMMANDING: readonly Role[] = ['leader', 'dispatcher']
const READING: readonly Role[] = ['leader', 'dispatcher', 'clerk', 'station', 'audit_admin']
const STATION: readonly Role[] = ['station', 'leader', 'dispatcher']
/** Whose page is a bundle of its own, made for phones. */
export const GRID_ROLES: readonly Role[] = ['grid_leader', 'grid_member']
const ADMINISTRATORS: readonly Role[] = (['system_admin', 'security_admin', 'audit_admin'] as const).filter((role) => sectionsOf(role).length > 0)

/** Whether somebody of this role looks after the house. */
export function administers(role: Role | undefined): boolean {
  return role !== undefined && ADMINISTRATORS.includes(role)
}

/** 指挥 is a layer of the frame, so that a meeting goes on in every room: its address shows nothing of its own. */
const layer = { render: () => null }

const OWN: readonly RoomPart[] = [
  {
    place: 10,
    path: '/',
    says: 'shell.rooms.overview',
    icon: 'M4 4h7v7H4zM13 4h7v4h-7zM13 11h7v9h-7zM4 14h7v6H4z',
    roles: COMMANDING,
    pages: [{ path: '', name: 'overview', page: () => import('@/pages/overview/OverviewPage.vue') }],
  },
  {
    place: 20,
    path: '/command',
    says: 'shell.rooms.command',
    icon: 'M3 5h18v11H3zM9 20h6M12 16v4M10 8l5 2.5-5 2.5z',
    roles: COMMANDING,
    pages: [
      { path: ':meeting?', name: 'command', page: () => Promise.resolve({ default: layer }) },
      { path: 'answering', name: 'command-answering', page: () => import('@/pages/answering/AnsweringPage.vue') },
      { path: ':meeting/arrivals', name: 'command-arrivals', page: () => import('@/pages/arrivals/ArrivalsPage.vue'), bare: true },
    ],
  },
  {
    place: 70,
    path: '/archive',
    says: 'shell.rooms.archive',
    icon: 'M3 5h18v4H3zM5 9v10h14V9M10 13h4',
    roles: READING,
    pages: [
      { path: '', name: 'archive', page: () => import('@/pages/archive/ArchivePage.vue') },
      { path: ':meeting', name: 'archive-meeting', page: () => import('@/pages/archive/MeetingPage.vue') },
    ],
  },
  {
    place: 100,
    path: '/admin',
    says: 'shell.rooms.admin',
    icon: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4',
    roles: ADMINISTRATORS,
    pages: [{ path: ':section?', name: 'admin', page: () => import('@/pages/admin/AdminPage.vue') }],
  },
]

/** In the order of the rail. */
export const ROOMS: readonly RoomPart[] = [...OWN, ...OF_FEATURES].sort((a, b) => a.place - b.place)

/** The station's page is a frame of its own: here only its place in the rail. */
export const STATION_ROOM = { place: 90, path: '/station', says: 'shell.rooms.station', icon: 'M12 3a7 7 0 0 1 7 7c0 5-7 11-7 11S5 15 5 10a7 7 0 0 1 7-7zM12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z', roles: STATION }

/** What the rail shows to this role, and in which order. */
export function railOf(role: Role): readonly Pick<RoomPart, 'path' | 'says' | 'icon' | 'within'>[] {
  const open: readonly Omit<RoomPart, 'pages'>[] = [...ROOMS, STATION_ROOM].filter((one) => one.roles.includes(role)).sort((a, b) => a.place - b.place)
  // of what stands in another room one entry is enough, and none where that room has its own
  const first = (one: Pick<RoomPart, 'path' | 'within'>): string => one.within ?? one.path
  return open.filter((one, at) => one.within === undefined || open.findIndex((other) => first(other) === first(one)) === at)
}

/** Name of the route where a role works; a role without a room of its own has its account's page, which admits everybody. */
export function homeOf(role: Role): string {
  switch (role) {
    case 'leader':
    case 'dispatcher':
      return 'overview'
    case 'station':
      return 'station'
    case 'clerk':
      return 'archive'
    case 'grid_leader':
    case 'grid_member':
      return 'grid'
    default:
      return ADMINISTRATORS.includes(role) ? 'admin' : role === 'audit_admin' ? 'archive' : 'account'
  }
}
