// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'

import { makeI18n } from '@/i18n'
import AsOf from '@/parts/AsOf.vue'
import { HubSocket, SILENT_MS } from '@/protocol/socket'
import { type Freshness, watchFreshness } from '@/state/freshness'

import { FakeHub } from '../support/fakeHub'

const START = new Date(2026, 10, 28, 16, 5, 9).getTime()

function stand() {
  const hub = new FakeHub()
  const socket = new HubSocket(hub.wire)
  const scope = effectScope()
  const fresh = scope.run(() => watchFreshness(socket)) as Freshness
  return { hub, socket, scope, fresh }
}

beforeEach(() => vi.useFakeTimers({ now: START }))
afterEach(() => vi.useRealTimers())

describe('what the hub said', () => {
  it('is fresh while the hub speaks, and before its first word nothing is claimed', async () => {
    const { hub, socket, fresh, scope } = stand()
    expect([fresh.asOf.value, fresh.stale.value]).toEqual([undefined, false])
    socket.open()
    for (let i = 0; i < 5; i += 1) {
      await vi.advanceTimersByTimeAsync(SILENT_MS - 1_000)
      hub.ping()
      expect(fresh.stale.value).toBe(false)
    }
    expect(fresh.now.value - START).toBeGreaterThan(50_000)
    scope.stop()
  })

  it('is as of the last word once the line is gone, and the clock of its numbers stands still', async () => {
    const { hub, socket, fresh, scope } = stand()
    socket.open()
    await vi.advanceTimersByTimeAsync(2_000)
    hub.ping()
    await vi.advanceTimersByTimeAsync(1_000)
    hub.away = true
    hub.cut()
    expect(fresh.asOf.value).toBe(START + 2_000)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([fresh.stale.value, fresh.now.value]).toEqual([true, START + 2_000])
    hub.connect()
    expect([fresh.stale.value, fresh.now.value]).toEqual([false, START + 63_000])
    scope.stop()
  })

  it('is stale when the hub falls silent on a line that looks alive', async () => {
    const { socket, fresh, scope } = stand()
    socket.open()
    await vi.advanceTimersByTimeAsync(SILENT_MS + 2_000)
    expect(fresh.asOf.value).toBe(START)
    scope.stop()
  })

  it('is marked with the moment in words', () => {
    const plugins = [makeI18n()]
    expect(mount(AsOf, { props: { at: START }, global: { plugins } }).text()).toBe('截至 16:05:09')
    expect(mount(AsOf, { props: { at: undefined }, global: { plugins } }).text()).toBe('')
  })
})
