/** Parts of the administration before a hub in memory: calls are answered by path, commands by a function. */
import { mount } from '@vue/test-utils'
import { vi } from 'vitest'
import { type Component, shallowRef } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import { makeI18n } from '@/i18n'
import { indexCenters } from '@/parts/centers/tree'
import { Api } from '@/protocol/api'
import type { Center } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'
import { shellKey } from '@/state/shell'

import { CITY, COUNTY, LEADER, TOWN, VILLAGE } from './examples'

export const BESIDE = '430682115001'
/** One of the directory. */
export const center = (code: string, name: string, level: Center['level'], parent: string | null): Center => ({ code, name, level, parent, pinyin: '', children: 0, functional: false })
export const INDEX = indexCenters([
  center(CITY, '岳阳市', 'city', null),
  center(COUNTY, '临湘市', 'county', CITY),
  center(TOWN, '坦渡镇', 'township', COUNTY),
  center(VILLAGE, '坦渡村', 'village', TOWN),
  center(BESIDE, '长岭社区', 'village', TOWN),
])
/** A component of the house before a hub that answers calls by path, and commands by `command`. */
export function show(component: Component, props: Record<string, unknown>, answers: Record<string, unknown>, command: (kind: string, data: unknown) => Promise<unknown> = () => Promise.resolve({ entries: [] })) {
  const asked: { method: string; path: string; body: unknown }[] = []
  const given: { kind: string; data: unknown }[] = []
  const answer = (path: string, init?: RequestInit): Promise<Response> => {
    asked.push({ method: init?.method ?? 'GET', path, body: typeof init?.body === 'string' ? JSON.parse(init.body) : init?.body })
    const found = Object.entries(answers).find(([key]) => path.includes(key))?.[1] ?? {}
    const refused = typeof found === 'object' && found !== null && 'error' in found
    return Promise.resolve(new Response(JSON.stringify(found), { status: refused ? 409 : 200 }))
  }
  vi.stubGlobal('fetch', answer)
  const live = { command: (kind: string, data: unknown) => { given.push({ kind, data }); return command(kind, data) } }
  const shell = { account: { ...LEADER, role: 'system_admin' }, role: 'system_admin', live, now: shallowRef(Date.now()), nameOf: (code: string) => INDEX.byCode.get(code)?.name ?? code, go: () => undefined }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/admin/:section?', name: 'admin', component: { template: '<i />' } }] })
  const wrapper = mount(component, {
    props,
    global: { plugins: [makeI18n(), router], provide: { [sessionKey as symbol]: makeSession(new Api((path, init) => answer(path, init))), [shellKey as symbol]: shell } },
    attachTo: document.body,
  })
  return { wrapper, asked, given }
}
