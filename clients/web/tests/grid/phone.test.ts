/** A phone that was killed opens with its day and with what it has said, at once. */
import 'fake-indexeddb/auto'

import { afterEach, expect, it, vi } from 'vitest'
import { watch } from 'vue'

import { removeDisk } from '@/features/grid/disk'
import { PhoneHub } from '@/features/grid/hub'
import { Phone } from '@/features/grid/phone'

const PIN = '135790'
const day = { seq: 5, at: '2026-11-30T01:00:00Z', grids: [], cards: [], rows: [], sweeps: [], errands: [], tasks: [], doors: [], said: [], team: [], list_rows: [], lists: [] }
// no more of a browser than the phone asks for: keys that no script reads out are cloned onto the disk by Node itself
vi.stubGlobal('window', new EventTarget())
vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
vi.stubGlobal('location', { reload: () => undefined })
vi.stubGlobal('navigator', {})
let up = true
const hub = (): PhoneHub =>
  new PhoneHub(async (input) => {
    if (!up) throw new TypeError('no line')
    if (input.endsWith('/devices/bind')) return Promise.resolve(Response.json({ device: 'dv_1', half: 'half', account: { id: 'ac_1', name: '云某' } }, { status: 201 }))
    if (input.endsWith('/grid-work')) return Promise.resolve(Response.json(day))
    return Promise.resolve(Response.json({ error: { code: 'unauthenticated', message: '' } }, { status: 401 }))
  })
afterEach(async () => {
  await removeDisk()
  vi.unstubAllGlobals()
})

it('is not open before it knows what it has to send', async () => {
  const first = new Phone(hub())
  await first.start()
  await first.bind('CODE')
  await first.choose(PIN)
  await vi.waitFor(() => expect(first.work.value?.seq).toBe(5))
  up = false
  await first.add({ kind: 'visit.record', data: { outcome: 'unchanged' }, lane: 'hh_1', title: '孟家 · 无变化', holdMs: 5000 })
  await first.lock()

  const next = new Phone(hub())
  await next.start()
  expect(next.state.value).toBe('locked')
  const shown: number[] = []
  watch(next.state, (state) => state === 'open' && shown.push(next.items.value.length), { flush: 'sync' })
  expect(await next.unlock(PIN)).toBe(true)
  expect(shown).toEqual([1])
  expect(next.work.value?.seq).toBe(5)
  await next.lock()
})
