// @vitest-environment jsdom
/** What the system administrator does on pages: centers one by one and by lists. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import CenterNew from '@/features/house/CenterNew.vue'
import CenterRecord from '@/features/house/CenterRecord.vue'
import CentersImport from '@/features/house/CentersImport.vue'
import SignInsView from '@/features/house/SignInsView.vue'
import StationsView from '@/features/house/StationsView.vue'
import { freeCode, levelsBetween, stepped } from '@/features/house/levels'
import { indexCenters } from '@/parts/centers/tree'
import { Refused } from '@/protocol/refusal'
import type { Center, CentersPreview } from '@/protocol/types'

import { CITY, COUNTY, TOWN, VILLAGE } from '../support/examples'
import { BESIDE, center, INDEX, show } from '../support/house'

enableAutoUnmount(afterEach)
const at = (code: string): Center => INDEX.byCode.get(code) as Center

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void { /* no layout */ } disconnect(): void { /* no layout */ } })
  HTMLDialogElement.prototype.showModal = function show() { this.setAttribute('open', '') }
  HTMLDialogElement.prototype.close = function close() { this.removeAttribute('open') }
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('levels and codes', () => {
  it('stand between the center above and those below', () => {
    expect(levelsBetween(at(CITY), [])).toEqual(['county', 'township', 'village'])
    expect(levelsBetween(at(CITY), [at(TOWN)])).toEqual(['county'])
    expect(levelsBetween(at(VILLAGE), [])).toEqual([])
  })

  it('go on with the numbering, and fill a gap where it is at its end', () => {
    expect(freeCode(INDEX, at(TOWN), 'village')).toBe('430682115211')
    expect(freeCode(INDEX, at(COUNTY), 'township')).toBe('430682116000')
    const full = indexCenters([...INDEX.all, center('430682115999', '工业园', 'village', TOWN)])
    expect(freeCode(full, at(TOWN), 'village')).toBe('430682115002')
  })

  it('neighbours are passed one by one', () => {
    expect(stepped(INDEX, at(VILLAGE), 1)).toBe(BESIDE)
    expect(stepped(INDEX, at(BESIDE), -1)).toBe('first')
    expect(stepped(INDEX, at(BESIDE), 1)).toBeUndefined()
    expect(stepped(INDEX, at(CITY), -1)).toBeUndefined()
  })
})

describe('a center', () => {
  const stations = { at: '2026-11-29T08:00:00Z', groups: [], total: 1, next: null, centers: [{ code: VILLAGE, name: '坦渡村', path: [], state: 'offline', last_seen: '2026-11-28T08:00:00Z', accounts: 2, camera: null, microphone: null, way: null }] }

  it('says when somebody was there last, and what is changed goes out whole and can be taken back', async () => {
    const { wrapper, given } = show(CenterRecord, { index: INDEX, center: at(VILLAGE) }, { '/stations': stations })
    await flushPromises()
    expect(wrapper.text()).toContain('不在线 · 最后在线 2026-11-28')
    await wrapper.get('[data-testid="center-name-field"]').setValue(' 坦渡新村 ')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    const [says, undo] = wrapper.emitted('done')?.[0] as [string, () => Promise<unknown>]
    expect(says).toBe('已修改：坦渡新村。')
    await undo()
    expect(given.map((one) => [one.kind, (one.data as { name: string }).name])).toEqual([['center.change', '坦渡新村'], ['center.change', '坦渡村']])
  })

  it('is not closed while accounts belong to it, and comes back under its code', async () => {
    const use = { center: VILLAGE, below: 0, accounts: 3, meetings: 0, grids: 0, households: 0 }
    const first = show(CenterRecord, { index: INDEX, center: at(VILLAGE) }, { '/stations': stations, '/use': use })
    await flushPromises()
    await first.wrapper.get('[data-testid="center-remove"]').trigger('click')
    await flushPromises()
    expect(first.wrapper.get('dialog').text()).toContain('还有 3 个账号')
    await first.wrapper.get('[data-testid="remove-center-confirm"]').trigger('click')
    expect(first.given).toEqual([])
    const { wrapper, given } = show(CenterRecord, { index: INDEX, center: at(TOWN) }, { '/stations': stations, '/use': { ...use, below: 2, accounts: 0 } })
    await wrapper.get('[data-testid="center-remove"]').trigger('click')
    await flushPromises()
    await wrapper.get('[data-testid="remove-center-confirm"]').trigger('click')
    await flushPromises()
    expect(given[0]).toEqual({ kind: 'center.remove', data: { center: TOWN, below: true } })
    await (wrapper.emitted('done')?.[0]?.[1] as () => Promise<unknown>)()
    expect(given[1]).toMatchObject({ kind: 'center.import', data: { within: COUNTY, keep: true } })
    expect((given[1]?.data as { centers: Center[] }).centers.map((one) => one.code)).toEqual([TOWN, VILLAGE, BESIDE])
  })

  it('that cannot be made says why, in words', async () => {
    const { wrapper } = show(CenterNew, { index: INDEX, above: at(TOWN) }, {}, () => Promise.reject(new Refused('conflict', 'taken', 'code')))
    await wrapper.get('[data-testid="new-center-name"]').setValue('工业园')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[role="alert"]').text()).toBe('这个代码已有中心在用')
    await wrapper.get('[data-testid="new-center-code"]').setValue('43')
    expect(wrapper.get('[data-testid="new-center-make"]').attributes('disabled')).toBeDefined()
  })
})

describe('what is in use', () => {
  const counts = { centers: 3, online: 1, in_meeting: 0, offline: 1, never: 1, none: 0 }
  const row = { path: ['岳阳市', '临湘市', '坦渡村'], accounts: 1, camera: null, microphone: null, way: null }
  const stations = {
    at: '2026-11-29T08:00:00Z', total: 2, next: null, groups: [{ code: COUNTY, name: '临湘市', ...counts }],
    centers: [{ ...row, code: VILLAGE, name: '坦渡村', state: 'offline', last_seen: '2026-11-28T08:00:00Z' }, { ...row, code: TOWN, name: '坦渡镇', state: 'in_meeting', last_seen: null, camera: 'busy', way: 'relay' }],
  }

  it('stations are counted as of a moment, looked into county by county, and say where they were last', async () => {
    const { wrapper, asked } = show(StationsView, {}, { '/stations': stations })
    await flushPromises()
    expect(wrapper.text()).toContain('在线 1 / 3')
    expect(wrapper.text()).toContain('截至 2026-11-29')
    const rows = wrapper.findAll('[role="row"]').map((one) => one.findAll('[role="cell"]').map((cell) => cell.text()))
    expect(rows[1]).toEqual(['坦渡村', '临湘市', '不在线', expect.stringContaining('2026-11-28'), '1', ''])
    expect(rows[2]?.at(-1)).toBe('摄像头 被占用 · 中继')
    vi.useFakeTimers()
    await wrapper.get('tbody button').trigger('click')
    await vi.advanceTimersByTimeAsync(300)
    vi.useRealTimers()
    expect(asked.at(-1)?.path).toContain(`within=${COUNTY}`)
  })

  it('sign-ins say from where and in what; nobody ends one here, and none is a word', async () => {
    const session = { session: 's', account: 'a_1', username: 'li', name: '李某', role: 'station', center: { code: VILLAGE, name: '坦渡村', path: [] }, since: '2026-11-29T08:00:00Z', seen_at: '2026-11-29T08:00:00Z', in_use: true, network: '192.0.2.0/24', agent: '', own: false, can: [] }
    const { wrapper } = show(SignInsView, { account: '' }, { '/accounts/sessions': { sessions: [session], next: null, at: '2026-11-29T08:00:00Z' } })
    await flushPromises()
    expect(wrapper.get('tbody').text()).toContain('192.0.2.0/24不明')
    expect(wrapper.find('tbody button').exists()).toBe(false)
    const none = show(SignInsView, { account: '' }, { '/accounts/sessions': { sessions: [], next: null, at: '2026-11-29T08:00:00Z' } })
    await flushPromises()
    expect(none.wrapper.text()).toContain('没有符合条件的登录')
  })
})

describe('a list of centers', () => {
  const facts = { level: 'village' as const, parent: TOWN, functional: false }
  const preview: CentersPreview = {
    mark: '0d9f0f1f2b3c4d5e6f708192a3b4c5d6', within: COUNTY, same: 1, reordered: 0,
    new: [{ row: 4, code: '430682115999', name: '工业园', ...facts, functional: true }],
    changed: [{ row: 3, code: VILLAGE, was: { ...facts, name: '坦渡村' }, now: { ...facts, name: '坦渡新村' } }],
    missing: [{ code: BESIDE, name: '长岭社区', level: 'village', accounts: 1, grids: 0, households: 0 }],
    wrong: [{ row: 5, column: 'code', why: 'code', value: '43' }],
  }

  async function looked(seen: unknown) {
    const made = show(CentersImport, { index: INDEX, within: COUNTY }, { 'expects=': { put: 2, gone: 0, seq: 9 }, '/centers/import': seen, '/centers/export': {} })
    const input = made.wrapper.get('[data-testid="centers-file"]')
    Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'a.csv')] })
    await input.trigger('change')
    await flushPromises()
    return made
  }

  it('is shown before it counts, wrong rows by row, column and reason; nothing is closed while rows are wrong', async () => {
    const { wrapper, asked } = await looked(preview)
    expect(wrapper.get('[data-testid="centers-preview"]').text()).toBe('新建 1，修改 1，移动 0，名单里没有 1，有误 1，不变 1')
    expect(wrapper.get('[data-testid="wrong-rows"] [role="row"]:not(.head)').findAll('[role="cell"]').map((one) => one.text())).toEqual(['5', '代码', '“43”不是 12 位数字的代码'])
    expect(wrapper.get('input[value="remove"]').attributes('disabled')).toBeDefined()
    expect(asked.map((one) => one.path)).toEqual([`/api/v1/centers/import?within=${COUNTY}`])
    await wrapper.get('[data-testid="centers-apply"]').trigger('click')
    await flushPromises()
    expect(asked[2]?.path).toContain(`expects=${preview.mark}&missing=keep`)
    const [says, undo] = wrapper.emitted('done')?.[0] as [string, () => Promise<unknown>]
    expect(says).toBe('已按名单办理：新建或改动 2 个，去掉 0 个。')
    await undo()
    expect(asked.at(-1)?.path).toContain('missing=remove')
  })

  it('closes a center with its empty grids, and none where somebody is registered', async () => {
    const of = (grids: number, households: number) => ({ ...preview, wrong: [], missing: [{ code: BESIDE, name: '长岭社区', level: 'village' as const, accounts: 0, grids, households }] })
    const lived = (await looked(of(2, 31))).wrapper
    expect(lived.get('[data-testid="centers-lived"]').text()).toContain('如 长岭社区，共 31 户')
    expect(lived.get('input[value="remove"]').attributes('disabled')).toBeDefined()
    const empty = (await looked(of(2, 0))).wrapper
    expect(empty.text()).toContain('2 个空网格随之撤销')
    expect(empty.get('input[value="remove"]').attributes('disabled')).toBeUndefined()
  })

  it('that was overtaken by another change, or is no list, says so', async () => {
    const refused = (code: string, field: string) => ({ error: { code, message: 'x', field } })
    const { wrapper } = await looked(refused('unprocessable', 'encoding'))
    expect(wrapper.get('[role="alert"]').text()).toContain('UTF-8')
    expect(wrapper.find('[data-testid="centers-apply"]').exists()).toBe(false)
  })
})
