// @vitest-environment jsdom
/** The stage as people see it: grids, who stands in which cell, what each viewer asks for, what is kept, the wall's screens. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, shallowRef } from 'vue'

import CellsEditor from '@/features/stage/CellsEditor.vue'
import { centersOf, draftFrom, emptyDraft, nextFree, wanted, withCell, withGrid } from '@/features/stage/draft'
import GridPicker from '@/features/stage/GridPicker.vue'
import StagePanel from '@/features/stage/StagePanel.vue'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import { useSecondStream } from '@/parts/secondStream'
import type { MeetingRoom } from '@/state/meetingRoom'
import type { ScreenShare, SharingState } from '@/state/screenShare'
import { cellOf } from '@/parts/mosaic/cells'
import { beside, countOf, cut, GRIDS, seenBy, shareOf, wordsOf } from '@/parts/mosaic/grids'
import type { Live } from '@/state/live'
import { NEXT, type Participant, STAGE, type Stage } from '@/protocol/types'

const KEPT = { id: 'y_1', name: '堤防', grid: '4', cells: ['1', '9', null, null], plates: true, by: { account: 'z', name: '张某', center: '1', center_name: '岳阳市' }, at: '' } as const
vi.mock('@/protocol/layoutsApi', () => ({ readLayouts: () => Promise.resolve([KEPT]) }))
const live = { socket: { on: () => () => undefined } } as unknown as Pick<Live, 'socket'>
const global = { plugins: [makeI18n()] }
const command = vi.fn(() => new Promise<never>(() => undefined))
const silent = useActions({ command })
const person = (id: string, center: string, role: Participant['role'] = 'station'): Participant => ({
  id, name: `${id}某`, role, center, center_name: `中心${center}`, level: 'village', state: 'joined', muted: false, joined_at: '', left_at: null, present: '', duty: '',
})
const PEOPLE = [person('a', '1'), person('b', '2', 'leader'), person('c', '2'), person('d', '3')]
const stage = (more: Partial<Stage> = {}): Stage => ({ broadcast: null, views: {}, layout: null, locked: null, voice: false, second: null, second_lost_at: null, ...more })
const layout = (more: Partial<NonNullable<Stage['layout']>> = {}): NonNullable<Stage['layout']> => ({ grid: '4', cells: ['a', null, null, null], to: 'all', plates: true, ...more })

afterEach(() => {
  document.body.innerHTML = ''
})

describe('grids', () => {
  it('are walked by arrows without leaving them, and every cell is reached', () => {
    for (const grid of GRIDS) {
      const reached = new Set([0])
      for (const at of reached) {
        for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) {
          const to = beside(grid, at, key)
          expect(to).toBeGreaterThanOrEqual(0)
          expect(to).toBeLessThan(countOf(grid))
          reached.add(to)
        }
      }
      expect(reached.size).toBe(countOf(grid))
    }
    expect([beside('4', 1, 'ArrowRight'), beside('9', 3, 'ArrowLeft')]).toEqual([1, 3])
  })

  it('ask for whom the chair put there, for the stage where one picture leads, and else for who comes next', () => {
    expect(wordsOf({ grid: '4', cells: ['a', null, null, 'b'] })).toEqual(['a', NEXT, NEXT, 'b'])
    expect(wordsOf({ grid: '1+5', cells: [null, null, 'a', null, null, null] })).toEqual([STAGE, NEXT, 'a', NEXT, NEXT, NEXT])
  })

  it('are cut for a phone, and dealt out to the screens of a wall', () => {
    const cells = Array.from({ length: 25 }, (_, at) => `p${String(at)}`)
    expect(cut({ grid: '25', cells, plates: true }, 9)).toEqual({ grid: '9', cells: cells.slice(0, 9), plates: true })
    expect(cut({ grid: '4', cells: cells.slice(0, 4), plates: true }, 9).grid).toBe('4')
    expect(shareOf({ grid: '16', cells: cells.slice(0, 16), plates: true }, { at: 2, of: 4 })).toEqual({ grid: '4', cells: cells.slice(4, 8), plates: true })
    const last = shareOf({ grid: '25', cells, plates: true }, { at: 2, of: 2 })
    expect(last.grid).toBe('16')
    expect(last.cells.filter((one) => one !== null)).toEqual(cells.slice(13))
  })
})

describe('what somebody sees', () => {
  it('is the layout that goes to all, and one picture where he is shown something of his own', () => {
    const shown = stage({ layout: layout(), second: 'b' })
    expect(seenBy(shown, 'x')).toEqual({ shape: layout(), second: 'b' })
    expect(seenBy({ ...shown, views: { x: 'a' } }, 'x').shape).toBeNull()
    expect(seenBy({ ...shown, layout: layout({ to: 'wall' }) }, 'x').shape).toBeNull()
    expect(seenBy(shown, 'b').second).toBeNull()
  })

  it('says why a cell has no picture, and shows oneself from here', () => {
    const none = { stream: undefined, more: '', broadcast: null, me: 'me', picture: undefined }
    expect(cellOf({ ...none, wanted: null, source: null, person: undefined }).why).toBe('empty')
    expect(cellOf({ ...none, wanted: 'a', source: null, person: PEOPLE[0] })).toMatchObject({ why: 'noPicture', name: '中心1' })
    expect(cellOf({ ...none, wanted: 'a', source: 'a', person: PEOPLE[0], broadcast: 'a' })).toMatchObject({ why: '', onAir: true })
    expect(cellOf({ ...none, wanted: 'me', source: null, person: undefined })).toMatchObject({ why: 'ownOff', own: true })
  })
})

describe('a layout being put together', () => {
  it('has nobody in two cells: who is moved changes places', () => {
    const two = withCell(withCell(emptyDraft(), 0, 'a'), 1, 'b')
    expect(withCell(two, 1, 'a').cells).toEqual(['b', 'a', null, null])
    expect(withCell(two, 0, null).cells).toEqual([null, 'b', null, null])
    expect(nextFree(two, 0)).toBe(2)
    expect(withGrid(two, '1').cells).toEqual(['a'])
    expect(wanted(two, 'wall')).toEqual({ grid: '4', cells: ['a', 'b', null, null], to: 'wall', plates: true })
  })

  it('is kept by center, and comes back with the station of each that is there', () => {
    const draft = withCell(withCell(emptyDraft(), 0, 'b'), 1, 'c')
    expect(centersOf(draft, (who) => PEOPLE.find((one) => one.id === who)?.center)).toEqual(['2', null, null, null])
    expect(draftFrom({ grid: '4', cells: ['2', '9', '3', null], plates: false }, PEOPLE)).toEqual({ grid: '4', cells: ['c', null, 'd', null], plates: false })
  })

  it('is filled by the keyboard: a cell by arrows, a center by its key, Delete takes out', async () => {
    const page = mount(CellsEditor, { global, attachTo: document.body, props: { draft: emptyDraft(), people: PEOPLE } })
    await page.get('[data-testid=draft-cell-0]').trigger('keydown', { key: 'ArrowDown' })
    expect(page.get('[data-testid=draft-cell-2]').attributes('aria-pressed')).toBe('true')
    await page.get('[data-testid=draft-put-a]').trigger('click')
    const [[filled]] = page.emitted('change') as [[ReturnType<typeof emptyDraft>]]
    expect(filled.cells).toEqual([null, null, 'a', null])
    await page.setProps({ draft: filled })
    await page.get('[data-testid=draft-cell-2]').trigger('keydown', { key: 'Delete' })
    expect(page.emitted('change')?.[1]).toEqual([emptyDraft()])
    await page.get('[data-testid=draft-find]').setValue('没有')
    expect(page.text()).toContain('没有符合的中心')
  })

  it('has its grid chosen by arrows', async () => {
    const page = mount(GridPicker, { global, props: { grid: '4' } })
    await page.get('[data-testid=grid-4]').trigger('keydown', { key: 'ArrowRight' })
    expect(page.emitted('choose')).toEqual([['9']])
    expect(page.get('[data-testid=grid-4]').attributes('aria-checked')).toBe('true')
  })
})

describe('the panel', () => {
  const given = {
    actions: silent, meeting: 'm_1', me: 'me', chair: 'me', stage: stage(), screens: { by_number: {} }, people: PEOPLE, selected: undefined, live, control: true,
    send: vi.fn(() => Promise.resolve(true)),
  }

  it('says what all see, who locked it, and gives the keys of a locked stage to him and the chair alone', async () => {
    const locked = { account: 'z', name: '张某', center: '1', center_name: '岳阳市' }
    const page = mount(StagePanel, { global, props: { ...given, stage: stage({ layout: layout(), locked }), chair: 'boss' } })
    expect(page.get('[data-testid=stage-now]').text()).toBe('全体在看：多画面（4）')
    expect(page.get('[data-testid=stage-locked]').text()).toContain('岳阳市 张某 锁定了画面')
    expect(page.get('[data-testid=stage-all]').attributes('aria-disabled')).toBe('true')
    await page.setProps({ chair: 'me' })
    expect(page.get('[data-testid=stage-all]').attributes('aria-disabled')).toBe('false')
    await page.get('[data-testid=stage-lock]').trigger('click')
    expect(given.send).toHaveBeenLastCalledWith('stage-lock', 'stage.lock', { locked: false })
  })

  it('sends what was put together, to all or to the wall', async () => {
    const page = mount(StagePanel, { global, props: given })
    await page.get('[data-testid=draft-put-d]').trigger('click')
    await page.get('[data-testid=stage-wall]').trigger('click')
    expect(given.send).toHaveBeenLastCalledWith('stage-wall', 'stage.layout', { layout: { grid: '4', cells: ['d', null, null, null], to: 'wall', plates: true } })
    await page.setProps({ people: PEOPLE.slice(0, 3) })
    expect(page.text()).toContain('有人已离会')
    expect(page.get('[data-testid=stage-all]').attributes('aria-disabled')).toBe('true')
  })

  it('takes a kept layout with who is there, keeps one under its name again, and asks before it forgets one', async () => {
    const page = mount(StagePanel, { global, attachTo: document.body, props: given })
    await flushPromises()
    expect(page.get('[data-testid=kept-堤防]').text()).toContain('1 个未到会')
    await page.get('[aria-label="取用布局 堤防"]').trigger('click')
    expect(page.get('[data-testid=draft-cell-0]').attributes('data-who')).toBe('a')
    await page.get('[data-testid=layout-name]').setValue('堤防')
    await page.get('[data-testid=layout-save]').trigger('click')
    expect(command).toHaveBeenLastCalledWith('layout.save', { layout: 'y_1', name: '堤防', grid: '4', cells: ['1', null, null, null], plates: true }, undefined)
    await page.get('[aria-label="删除布局 堤防"]').trigger('click')
    document.querySelector<HTMLElement>('[data-testid=layout-ask-confirm]')?.click()
    expect(command).toHaveBeenLastCalledWith('layout.remove', { layout: 'y_1' }, undefined)
  })

  it('has a screen of the wall show its part, and follow the wall again', async () => {
    const page = mount(StagePanel, { global, props: { ...given, screens: { by_number: { '2': { layout: null, share: { at: 2, of: 4 } } } } } })
    const screen = page.get<HTMLSelectElement>('[data-testid=screen-2] select')
    expect(screen.element.value).toBe('2/4')
    await screen.setValue('wall')
    expect(given.send).toHaveBeenLastCalledWith('screen:2', 'stage.screen', { screen: '2' })
    await page.get('[data-testid=screen-1] select').setValue('1/2')
    expect(given.send).toHaveBeenLastCalledWith('screen:1', 'stage.screen', { screen: '1', share: { at: 1, of: 2 } })
    expect(page.get('[data-testid=screen-2] a').attributes('href')).toBe('/wall/m_1/2')
  })
})

describe('the second stream', () => {
  it('is taken again when a lost line comes back, and left to others where it was taken away before', async () => {
    const now = shallowRef(stage())
    const state = ref<SharingState>('off')
    const run = vi.fn(() => Promise.resolve(undefined))
    const room = { id: 'm_1', parts: { value: () => now } } as unknown as MeetingRoom
    const scope = effectScope()
    scope.run(() => useSecondStream(room, 'me', { state } as unknown as ScreenShare, { run }))
    const kinds = (): unknown[] => run.mock.calls.map((call: unknown[]) => call[1])
    const goes = async (next: SharingState): Promise<void> => {
      state.value = next
      await nextTick()
    }
    for (const next of ['asking', 'waiting'] as const) await goes(next)
    now.value = stage({ second: 'me' })
    await goes('on')
    expect(kinds()).toEqual(['stage.share'])
    await goes('waiting')
    now.value = stage()
    await goes('on')
    expect(kinds()).toEqual(['stage.share', 'stage.share'])
    now.value = stage({ second: null })
    await goes('waiting')
    await goes('on')
    expect(kinds(), 'the chair took it while it was shown').toHaveLength(2)
    scope.stop()
  })
})
