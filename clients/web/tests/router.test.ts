// @vitest-environment jsdom
/** Every role on every address: it arrives somewhere that admits it, and has a page of its own. */
import { describe, expect, it } from 'vitest'
import { createMemoryHistory, type Router } from 'vue-router'

import type { Role } from '@/protocol/types'
import { sectionsOf } from '@/features/admin'
import { admits, landing, makeRouter } from '@/router'

const ROLES: Role[] = ['leader', 'dispatcher', 'station', 'clerk', 'system_admin', 'security_admin', 'audit_admin', 'grid_leader', 'grid_member']
const HOMES: Record<Role, string> = {
  leader: 'overview',
  dispatcher: 'overview',
  station: 'station',
  clerk: 'archive',
  // an administrator works where his duty has its sections
  audit_admin: sectionsOf('audit_admin').length > 0 ? 'admin' : 'archive',
  system_admin: sectionsOf('system_admin').length > 0 ? 'admin' : 'account',
  security_admin: sectionsOf('security_admin').length > 0 ? 'admin' : 'account',
  grid_leader: 'grid',
  grid_member: 'grid',
}

/** The pages themselves are not what is tested here. */
function router(role: Role | undefined): { router: Router; asked: () => number } {
  let asked = 0
  const whoami = (): Promise<Role | undefined> => {
    asked += 1
    return Promise.resolve(role)
  }
  const made = makeRouter({ whoami }, createMemoryHistory())
  for (const route of made.getRoutes()) if (route.components) route.components = { default: { template: '<i/>' } }
  return { router: made, asked: () => asked }
}
const ADDRESSES = ['/', '/nowhere/at/all', '/archive/m_1', ...makeRouter({ whoami: () => Promise.resolve(undefined) }, createMemoryHistory()).getRoutes().map((one) => one.path)].filter(
  (path) => !path.includes(':'),
)

describe('the router', () => {
  it.each(ROLES.flatMap((role) => ADDRESSES.map((path) => [role, path] as const)))('has %s arrive from %s, without a circle', async (role, path) => {
    const { router: made, asked } = router(role)
    expect(await made.push(path)).toBeUndefined()
    const { meta, name } = made.currentRoute.value
    expect(meta.roles === undefined || admits(meta.roles, role)).toBe(true)
    if (path.startsWith('/nowhere')) expect(name).toBe(HOMES[role])
    // nobody arrives in a room that his rail does not show
    if (path === '/console') expect(name).toBe(role === 'leader' || role === 'dispatcher' ? 'command' : HOMES[role])
    expect(asked()).toBeLessThanOrEqual(2)
  })

  it.each(ROLES)('gives %s a home that admits it', (role) => {
    const { router: made } = router(role)
    const home = made.resolve(landing(role))
    expect(home.name).toBe(HOMES[role])
    expect(admits(home.meta.roles ?? [], role)).toBe(true)
  })

  it('takes a role that a newer hub may have to the account, which admits everybody', async () => {
    const { router: made } = router('guest' as Role)
    await made.push('/')
    expect(made.currentRoute.value.name).toBe('account')
  })

  it('takes whoever is not signed in to the sign-in page, and remembers the way', async () => {
    const { router: made } = router(undefined)
    await made.push('/archive?q=1')
    expect(made.currentRoute.value.fullPath).toBe('/signin?next=/archive?q=1')
  })
})
