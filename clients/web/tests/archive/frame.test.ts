// @vitest-environment jsdom
/** What features bring to the page of one meeting: keys, lanes of stretches, keys of the keyboard. */
import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import type { SpanLane } from '@/features/archive.contract'
import type { Key, Shortcut } from '@/features/contract'
import { makeI18n } from '@/i18n'
import { keyAction } from '@/pages/archive/keys'
import PageKey from '@/pages/archive/PageKey.vue'
import TimeLine from '@/pages/archive/TimeLine.vue'

import { ENTRIES, OPENED } from './record'

vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {
      return
    }
    disconnect(): void {
      return
    }
  },
)
const plugins = [makeI18n()]

describe('lanes of stretches', () => {
  const lane: SpanLane = { id: 'voice', place: 10, name: '谁在说话', spans: [{ fromMs: 0, toMs: 10_000, tone: 'going' }, { fromMs: 80_000, toMs: 81_000, tone: 'going', thin: true }] }
  const line = (lanes: readonly SpanLane[]) =>
    mount(TimeLine, { props: { entries: ENTRIES, parts: [], openedAt: OPENED, lengthMs: 90_000, positionMs: 0, selected: null, say: () => '', lanes, overtaken: new Set<number>(), chosen: null }, global: { plugins } })

  it('stand below the recorded parts, above the entries, at their moments', () => {
    const bare = line([])
    const wrapper = line([lane])
    const svg = wrapper.get('[data-testid="archive-timeline"]')
    expect(Number(svg.attributes('height'))).toBe(Number(bare.get('svg[role="slider"]').attributes('height')) + 16)
    const [long, thin] = wrapper.get('[data-testid="archive-lane-voice"]').findAll('rect')
    const width = Number(svg.attributes('data-width-px'))
    expect(Number(long?.attributes('width'))).toBeCloseTo(width / 9, 0)
    expect(Number(thin?.attributes('x'))).toBeCloseTo(96 + (width * 8) / 9, 0)
    expect(Number(thin?.attributes('height'))).toBeLessThan(Number(long?.attributes('height')))
    expect(wrapper.text()).toContain('谁在说话')
  })
})

describe('keys', () => {
  it('of features say what they do, and are pressed', async () => {
    const press = vi.fn()
    const key: Key = { id: 'film', name: 'film', place: 40, label: { says: 'archive.head.proof' }, pressed: true, press }
    const wrapper = mount(PageKey, { props: { of: key }, global: { plugins } })
    await wrapper.get('[data-testid="archive-key-film"]').trigger('click')
    expect(wrapper.text()).toBe('存证')
    expect(wrapper.get('button').attributes('aria-pressed')).toBe('true')
    expect(press).toHaveBeenCalledOnce()
  })

  it('of the keyboard are those of the player, then those of features, with Shift where they say so', () => {
    const more: Shortcut[] = [
      { key: 'i', shown: 'I', does: 'from', says: 'x', place: 10 },
      { key: 'c', shift: true, shown: '⇧C', does: 'cut', says: 'x', place: 20 },
      { key: 'k', shown: 'K', does: 'never', says: 'x', place: 30 },
    ]
    const act = (key: string, shiftKey = false) => keyAction(new KeyboardEvent('keydown', { key, shiftKey }), more)
    expect(act('i')).toEqual({ do: 'feature', does: 'from' })
    expect(act('c')).toBeNull()
    expect(act('C', true)).toEqual({ do: 'feature', does: 'cut' })
    expect(act('k')).toEqual({ do: 'toggle' })
    expect(act('x')).toBeNull()
  })
})
