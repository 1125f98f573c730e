// @vitest-environment jsdom
/** Photos on a phone: one that is still being made smaller when somebody presses goes with what he says. */
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import ErrandView from '@/features/grid/ErrandView.vue'
import type { Job } from '@/features/grid/errands'
import type { Phone } from '@/features/grid/phone'
import type { Taken, Wanted } from '@/features/grid/queue'
import { words } from '@/features/grid/speak'
import type { Work } from '@/features/grid/work'

const camera = vi.hoisted(() => ({ made: [] as ((taken: Taken) => void)[], failed: [] as ((error: Error) => void)[] }))
vi.mock('@/features/grid/photos', () => ({
  takenOf: async () => new Promise<Taken>((made, failed) => {
    camera.made.push(made)
    camera.failed.push(failed)
  }),
}))
vi.stubGlobal('URL', { createObjectURL: () => 'blob:', revokeObjectURL: () => undefined })

const job = { errand: 'er_1', grid: 'g', household: 'hh_1', kind: 'medicine', state: 'taken', due: null, urgent: false, asked_at: '2026-11-30T01:00:00Z', taker: 'a_me', taker_name: '', handed_by: '', reason: '', text: '降压药', stars: null, turn: 'mine', late: false, card: undefined, pending: [] } as unknown as Job
const WORK = { seq: 1, at: '', grids: [], cards: [], sweeps: [], rows: [], doors: [], said: [], team: [], errands: [], tasks: [] } as unknown as Work
async function taking() {
  const added: Wanted[] = []
  const phone = { owner: { value: { account: 'a_me', name: '云某' } }, add: async (wanted: Wanted) => Promise.resolve({ leftOut: 0, smaller: 0, at: added.push(wanted) }) } as unknown as Phone
  const page = mount(ErrandView, { props: { phone, work: WORK, job, now: 0 } })
  await page.get('[data-testid=errand-finish]').trigger('click')
  const field = page.get('[data-testid=grid-photo]')
  Object.defineProperty(field.element, 'files', { value: [new File(['x'], 'a.jpg')] })
  await field.trigger('change')
  await page.get('[data-testid=errand-send]').trigger('click')
  await flushPromises()
  return { page, added }
}

describe('what is said with a photo', () => {
  it('waits for it', async () => {
    const { added } = await taking()
    expect(added).toEqual([])
    camera.made.pop()?.({ name: '1.jpg', type: 'image/jpeg', bytes: new Uint8Array([1]) } as unknown as Taken)
    await flushPromises()
    expect(added).toHaveLength(1)
    expect(added[0]?.photos).toHaveLength(1)
  })
  it('does not go unasked where that is no picture, and goes at the next press', async () => {
    const { page, added } = await taking()
    camera.failed.pop()?.(new Error('no picture'))
    await flushPromises()
    expect([added.length, page.get('[role=alert]').text()]).toEqual([0, words.value.visit.photoBad])
    await page.get('[data-testid=errand-send]').trigger('click')
    await flushPromises()
    expect(added).toHaveLength(1)
  })
})
