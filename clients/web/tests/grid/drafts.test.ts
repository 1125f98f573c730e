// @vitest-environment jsdom
/** What was begun at a door is there again after the page has locked itself, and is nobody else's. */
import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'

import { forgetDrafts } from '@/features/grid/drafts'
import HouseholdView from '@/features/grid/HouseholdView.vue'
import type { Phone } from '@/features/grid/phone'
import { NoRoom } from '@/features/grid/queue'
import type { Card, Stop, Work } from '@/features/grid/work'

enableAutoUnmount(afterEach)
afterEach(forgetDrafts)

const GRID = '430682115210001'
const card = (household: string): Card => ({ household, building: 'bd_1', grid: GRID, place: ['1栋', '101'], walk: 1, kind: 'family', note: '', seq: 1, last: {}, persons: [] })
const work = { seq: 1, grids: [], cards: [], rows: [], sweeps: [], errands: [], tasks: [], doors: [], said: [], team: [] } as unknown as Work
const add = vi.fn(async () => Promise.resolve({ id: 'c_1', smaller: 0, leftOut: 0 }))
const phone = { items: shallowRef([]), onLine: shallowRef(false), add } as unknown as Phone

function at(household: string): VueWrapper {
  const stop: Stop = { key: household, card: card(household), rows: [], next: 'visit', pending: undefined, rank: 1 }
  // other slices may give the view more than this
  return mount(HouseholdView, { props: { phone, stop, work, checks: [] } as never, global: { stubs: { SaidSection: true } } })
}
const note = (page: VueWrapper): string => page.get<HTMLInputElement>('[data-testid="visit-note"]').element.value

describe('a form that was left', () => {
  it('has what was typed, whoever comes back to it, and no other household has it', async () => {
    const page = at('hh_1')
    await page.get('[data-testid="visit-note"]').setValue('老人独自在家')
    await page.get('[data-testid="visit-abnormal"]').trigger('click')
    await page.get('[data-testid="finding-text"]').setValue('药快没了')
    page.unmount()
    expect(note(at('hh_2'))).toBe('')
    const again = at('hh_1')
    expect(note(again)).toBe('老人独自在家')
    expect(again.get<HTMLTextAreaElement>('[data-testid="finding-text"]').element.value).toBe('药快没了')
  })

  it('is gone once it was said, and stays where there was no room for it', async () => {
    const page = at('hh_1')
    await page.get('[data-testid="visit-note"]').setValue('一切正常')
    add.mockRejectedValueOnce(new NoRoom('full'))
    await page.get('[data-testid="visit-met"]').trigger('click')
    await flushPromises()
    page.unmount()
    const again = at('hh_1')
    expect(note(again)).toBe('一切正常')
    await again.get('[data-testid="visit-met"]').trigger('click')
    await flushPromises()
    expect(again.emitted('back')).toHaveLength(1)
    again.unmount()
    expect(note(at('hh_1'))).toBe('')
  })

  it('is gone with the phone’s owner', async () => {
    const page = at('hh_1')
    await page.get('[data-testid="visit-note"]').setValue('老人独自在家')
    page.unmount()
    forgetDrafts()
    expect(note(at('hh_1'))).toBe('')
  })
})
