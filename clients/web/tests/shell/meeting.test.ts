// @vitest-environment jsdom
/** The meeting that one is in, in whatever room: it goes on, outlives a load of the page, and takes nobody away from where he is. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { effectScope, type EffectScope, reactive } from 'vue'
import type { RouteLocationNormalizedLoaded } from 'vue-router'

import { useMeeting } from '@/shell/useMeeting'
import type { Account, Meetings, OpenCall, Summary } from '@/protocol/types'
import { connectOver, useLive } from '@/state/live'

import { CHAIR, LEADER, snapshot } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

const MEETING = { ...snapshot(), joined: 3, hits: [] } as unknown as Summary
const call = (id: string, chair = CHAIR): OpenCall => ({ id, chair }) as OpenCall
const scopes: EffectScope[] = []

beforeEach(() => {
  sessionStorage.clear()
})
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
})

/** A window at the address of a room; its router goes where it is sent. */
async function at(name: string, meeting = '', calls: readonly OpenCall[] = [call('m_1')], open: readonly Summary[] = [MEETING], account: Account = LEADER) {
  const hub = new FakeHub()
  hub.greeting = { calls: [...calls] }
  hub.away = true
  connectOver(() => hub.wire)
  const route = reactive({ name, params: { meeting }, meta: {} }) as unknown as RouteLocationNormalizedLoaded
  const went: string[] = []
  const go = (to: unknown): Promise<void> => {
    const { name: where, params } = to as { name: string; params: Record<string, string> }
    went.push(`${where} ${params['meeting'] ?? ''}`)
    Object.assign(route, { name: where, params })
    return Promise.resolve()
  }
  const scope = effectScope()
  scopes.push(scope)
  const one = scope.run(() => {
    const api = { meetings: () => Promise.resolve({ meetings: [...open], next: null } as unknown as Meetings) }
    return useMeeting({ account, live: useLive(account), api, route, router: { push: go, replace: go } as never })
  })
  if (one === undefined) throw new Error('no scope')
  // the greeting comes over a line, never before the page has asked
  hub.away = false
  hub.connect()
  await flushPromises()
  return { hub, one, went, go }
}

describe('the meeting that one is in', () => {
  it('goes on in every room: the same following all the time, and 指挥 is where it is', async () => {
    const { hub, one, went, go } = await at('command', 'm_1')
    expect(hub.follows).toHaveLength(1)
    for (const room of ['overview', 'archive', 'orders']) {
      await go({ name: room, params: {} })
      await flushPromises()
      expect(one.id.value).toBe('m_1')
    }
    await go({ name: 'command', params: { meeting: '' } })
    await flushPromises()
    expect(went.at(-1)).toBe('command m_1')
    expect(hub.follows).toHaveLength(1)
  })

  it('is there again when the page is loaded in another room, which stays at its address', async () => {
    await at('command', 'm_1')
    // the scope of the first page is not stopped: a load of the page stops nothing
    const { one, went } = await at('orders')
    expect([one.id.value, went]).toEqual(['m_1', []])
    const again = await at('overview')
    expect([again.one.id.value, again.went]).toEqual(['m_1', []])
  })

  it('is there again even if somebody else chairs it; one that is over is not', async () => {
    const other = call('m_1', { ...CHAIR, id: 'a_other' })
    await at('command', 'm_1', [other])
    expect((await at('orders', '', [other])).one.id.value).toBe('m_1')
    const over = await at('orders', '', [], [])
    expect([over.one.id.value, over.went]).toEqual([undefined, []])
    // and is forgotten
    expect((await at('orders', '', [], [MEETING])).one.id.value).toBeUndefined()
  })

  it('takes who signs in back where one begins, and beside the page in another room', async () => {
    const begun = await at('overview')
    expect(begun.went).toEqual(['command m_1'])
    sessionStorage.removeItem('lianxian.in')
    const deep = await at('orders')
    expect([deep.one.id.value, deep.went]).toEqual(['m_1', []])
  })

  it('is none any more once it is left, nor after signing out', async () => {
    const { one } = await at('command', 'm_1')
    one.leave()
    const left = await at('orders')
    expect([left.one.id.value, left.went]).toEqual([undefined, []])
    await at('command', 'm_2', [], [{ ...MEETING, id: 'm_2' }])
    for (const scope of scopes.splice(0)) scope.stop()
    expect((await at('orders', '', [], [{ ...MEETING, id: 'm_2' }])).one.id.value).toBeUndefined()
  })
})
