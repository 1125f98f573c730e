// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'

import { type Locks, type OnePage, useOnePage } from '@/state/onePage'

/** The locks of one browser: granted in turn, stolen, given back when a tab is closed. */
class FakeLocks {
  private holder: { tab: symbol; over: (error?: Error) => void } | undefined
  private queue: { tab: symbol; grant: () => void }[] = []

  of(tab: symbol): Locks {
    return {
      request: async (_name, options, held) => {
        await Promise.resolve()
        if (options.ifAvailable === true && this.holder !== undefined) {
          await held(null)
          return
        }
        if (options.steal === true) this.holder?.over(new DOMException('', 'AbortError'))
        else if (this.holder !== undefined) await new Promise<void>((grant) => this.queue.push({ tab, grant }))
        await new Promise<void>((resolve, reject) => {
          const mine = { tab, over: (error?: Error) => (error === undefined ? resolve() : reject(error)) }
          this.holder = mine
          void held({}).then(() => {
            if (this.holder === mine) this.next()
            resolve()
          })
        })
      },
    }
  }
  /** The tab is gone: what it held or waited for goes with it. */
  close(tab: symbol): void {
    this.queue = this.queue.filter((one) => one.tab !== tab)
    if (this.holder?.tab === tab) this.next()
  }
  private next(): void {
    this.holder = undefined
    this.queue.shift()?.grant()
  }
}

const NAME = 'lianxian.station.page.a_1'
let locks: FakeLocks
let open: { tab: symbol; scope: EffectScope; page: OnePage; name: string }[]

async function pass(ms = 1): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}
/** Opens a tab; `name` again: the same tab, loaded anew. */
async function tab(name = Math.random().toString()): Promise<(typeof open)[number]> {
  sessionStorage.setItem('lianxian.tab', name)
  const mark = Symbol(name)
  const scope = effectScope()
  const page = scope.run(() => useOnePage(NAME, locks.of(mark))) as OnePage
  const one = { tab: mark, scope, page, name }
  open.push(one)
  await pass()
  return one
}
async function close(one: (typeof open)[number]): Promise<void> {
  window.dispatchEvent(new Event('pagehide'))
  locks.close(one.tab)
  await pass()
}
const places = (...tabs: { page: OnePage }[]): string[] => tabs.map((one) => one.page.place.value)

beforeEach(() => {
  vi.useFakeTimers()
  locks = new FakeLocks()
  open = []
})
afterEach(() => {
  for (const one of open) one.scope.stop()
  vi.useRealTimers()
  localStorage.clear()
  sessionStorage.clear()
})

describe('of several tabs', () => {
  it('one takes part, and a forgotten one never does by itself while that one is open', async () => {
    const first = await tab()
    const second = await tab()
    const third = await tab()
    await pass(3_600_000)
    expect(places(first, second, third)).toEqual(['here', 'elsewhere', 'elsewhere'])
    expect(first.page.inherited()).toBe(false)
  })

  it('the next goes on by itself when that one is closed', async () => {
    const first = await tab()
    const second = await tab()
    await close(first)
    await pass(4_000)
    expect(places(second)).toEqual(['here'])
    expect(second.page.inherited()).toBe(true)
  })

  it('another takes over when somebody presses, and the first goes on when that one is closed', async () => {
    const first = await tab()
    const second = await tab()
    second.page.takeOver()
    await pass()
    expect(places(first, second)).toEqual(['elsewhere', 'here'])
    await pass(60_000)
    expect(places(first, second)).toEqual(['elsewhere', 'here'])
    first.page.takeOver()
    await pass()
    expect(places(first, second)).toEqual(['here', 'elsewhere'])
    await close(first)
    await pass(4_000)
    expect(places(second)).toEqual(['here'])
  })

  it('the one that is loaded anew goes on as the one it was', async () => {
    const first = await tab('first')
    const second = await tab('second')
    await close(first)
    await pass(800)
    expect(places(second)).toEqual(['elsewhere'])
    const again = await tab('first')
    await pass(10_000)
    expect(places(again, second)).toEqual(['here', 'elsewhere'])
  })
})

it('without locks (plain http) every page takes part', () => {
  const scope = effectScope()
  const page = scope.run(() => useOnePage(NAME, undefined)) as OnePage
  expect(page.place.value).toBe('here')
  scope.stop()
})
