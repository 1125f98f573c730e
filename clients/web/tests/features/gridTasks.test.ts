// @vitest-environment jsdom
/** An order in grids, as its village and those above see it: given, followed, taken back, and put into the village's own answer. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { reactive, ref } from 'vue'

import GridTasks from '@/features/orders/GridTasks.vue'
import { gridCounts, gridDraft, gridRows, nextAnswer } from '@/features/orders/gridTasks'
import StationOrder from '@/features/orders/StationOrder.vue'
import { makeI18n } from '@/i18n'
import type { Actions } from '@/parts/actions'
import { Api } from '@/protocol/api'
import type { GridsPresent, GridTaskTold, NamedObject, Order } from '@/protocol/types'
import type { Live } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'

import { TOWN, VILLAGE } from '../support/examples'

enableAutoUnmount(afterEach)

const NOW = Date.parse('2026-11-30T08:00:00Z')
const AT = '2026-11-30T07:00:00Z'
const by = { account: 'a_1', name: '李某', center: VILLAGE, center_name: '坦渡村' }
const photo = (at: number): NamedObject => ({ object: String(at).padStart(64, '0'), name: `${String(at)}.jpg`, type: 'image/jpeg', bytes: 1000 })
const code = (at: number): string => `${VILLAGE}00${String(at)}`
function task(at: number, state: GridTaskTold['state'], more: Partial<GridTaskTold> = {}): GridTaskTold {
  return {
    task: `gt_${String(at)}_${state}`, order: 'o_1', center: VILLAGE, grid: code(at), grid_name: `${'一二三四'.charAt(at - 1)}组`, state, note: '', given_at: AT, by,
    signed_at: null, signed_by: '', told_at: null, told_by: '', text: '', photos: [], over_at: null, reason: '', ...more,
  }
}
const present: GridsPresent = {
  village: VILLAGE, may_call: false, at: AT, walked: [],
  grids: [1, 2, 3, 4].map((at) => ({ grid: code(at), name: `${'一二三四'.charAt(at - 1)}组`, leader: at === 3 ? null : 'a_z', members: at === 1 ? ['a_w'] : [] })),
  people: [
    { account: 'a_z', name: '周某', role: 'grid_leader', online: false, seen_at: null, bound: true, busy: false },
    { account: 'a_w', name: '吴某', role: 'grid_member', online: false, seen_at: null, bound: false, busy: false },
  ],
}
const ORDER: Order = {
  id: 'o_1', meeting: null, number: '岳指〔2026〕1号', text: '入户提醒防火', priority: 'normal', due: null, issued_at: AT, state: 'signed',
  issuer: { account: 'a_2', name: '王某', center: TOWN, center_name: '坦渡镇' },
  targets: [{ center: VILLAGE, name: '坦渡村', state: 'signed', signed_at: AT, signed_by: '李某', completed_at: null, percent: null, progress: [] }],
}

/** The order before a hub that says these tasks: what is sent, and how the hub tells that something of it changed. */
function page(tasks: GridTaskTold[], can: readonly string[] = ['gridtask.read', 'order.carry_out'], found = present) {
  const hears = new Map<string, ((event: { what: string; id: string }) => void)[]>()
  const on = (name: string, hear: never): (() => void) => {
    hears.set(name, [...(hears.get(name) ?? []), hear])
    return () => undefined
  }
  const hub = { tasks, asked: [] as string[] }
  const api = new Api((input) => {
    const { pathname, search } = new URL(String(input), 'http://hub.test')
    hub.asked.push(pathname + search)
    return Promise.resolve(Response.json(pathname.endsWith('grid-tasks') ? { tasks: hub.tasks, seq: 1 } : found))
  })
  const problems = reactive(new Map<string, string>())
  const run = vi.fn<(key: string, kind: string, data: unknown) => Promise<unknown>>().mockResolvedValue({})
  const actions = { sending: () => false, problem: (key: string) => problems.get(key), run, add: run, fail: vi.fn() } as unknown as Actions
  const live = { socket: { on }, can: ref(new Set(can)), freshness: { stale: ref(false) }, command: vi.fn() } as unknown as Live
  const tell = (id: string): void => {
    for (const hear of hears.get('changed') ?? []) hear({ what: 'gridtask', id })
  }
  return { hub, actions, run, problems, live, tell, global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: makeSession(api) } } }
}
async function village(here: ReturnType<typeof page>, order = ORDER, more: object = {}) {
  const { actions, live, global } = here
  const wrapper = mount(StationOrder, { props: { order, center: VILLAGE, now: NOW, actions, live, village: true, ...more }, global, attachTo: document.body })
  await vi.waitFor(() => { expect(wrapper.find('[data-testid="grids-o_1"]').exists()).toBe(true) }, 10_000)
  await flushPromises()
  return wrapper
}

describe('an order in grids', () => {
  it('stands by grid, what goes on before what is over; what was taken back counts nowhere', () => {
    const rows = gridRows([task(1, 'withdrawn'), task(2, 'done'), task(1, 'signed'), task(3, 'withdrawn'), task(4, 'done', { center: TOWN })], VILLAGE)
    expect(rows.map(({ grid, task: { state }, earlier }) => [grid, state, earlier.length])).toEqual([[code(1), 'signed', 1], [code(2), 'done', 0], [code(3), 'withdrawn', 0]])
    expect(gridCounts(rows)).toEqual({ given: 2, done: 1 })
    expect(nextAnswer(rows)).toBeUndefined()
    expect(nextAnswer(gridRows([task(1, 'done'), task(2, 'reported'), task(3, 'withdrawn')], VILLAGE))).toBe('progress')
    expect(nextAnswer(gridRows([task(1, 'done'), task(2, 'done')], VILLAGE))).toBe('complete')
    expect(nextAnswer(gridRows([task(1, 'withdrawn')], VILLAGE))).toBeUndefined()
  })

  it('has all its words in the draft, as far as an answer holds them, and nine photos', () => {
    const many = gridRows([1, 2, 3, 4].map((at) => task(at, 'done', { text: '查'.repeat(900), photos: [photo(at), photo(at + 4), photo(at + 8)] })), VILLAGE)
    const draft = gridDraft(many, 'complete', ({ name, task: { text } }) => `${name}：${text}`)
    expect(draft.text.length).toBeLessThanOrEqual(2000)
    expect(draft.text.split('\n').map((line) => line.slice(0, 3))).toEqual(['一组：', '二组：', '三组：', '四组：'])
    expect(draft.photos).toHaveLength(9)
  })
})

describe('the village', () => {
  it('gives it to grids: all where somebody works, with who answers for each and whose phone is missing', async () => {
    const here = page([])
    const wrapper = await village(here)
    // nothing of the village's people is asked for before it is wanted
    expect(here.hub.asked.some((path) => path.includes('present'))).toBe(false)
    await wrapper.get('[data-testid="grids-give"]').trigger('click')
    await flushPromises()
    const form = wrapper.get('[data-testid="grids-form"]')
    for (const words of ['网格长 周某 · 网格员 吴某（未绑定手机）', '没有配人', '已选 3/4']) expect(form.text()).toContain(words)
    await form.get('[data-testid="grids-every"]').trigger('click')
    expect(form.text()).toContain('已选 4/4')
    await form.get('[data-testid="grids-every"]').trigger('click')
    await form.trigger('submit')
    expect(form.text()).toContain('请先选网格')
    expect(here.run).not.toHaveBeenCalled()
    for (const at of [1, 2]) await form.get(`[data-testid="grids-choose-${code(at)}"]`).setValue(true)
    await form.get('[data-testid="grids-note"]').setValue(' 先查独居老人 ')
    here.hub.tasks = [task(1, 'given', { note: '先查独居老人' }), task(2, 'given', { note: '先查独居老人' })]
    await form.trigger('submit')
    await flushPromises()
    expect(here.run).toHaveBeenCalledWith('grids-give-o_1', 'gridtask.give', { order: 'o_1', grids: [code(1), code(2)], note: '先查独居老人' })
    expect(wrapper.find('[data-testid="grids-form"]').exists()).toBe(false)
    expect(wrapper.get('[data-testid="grids-count"]').text()).toBe('办结 0/2')
    expect(wrapper.get('[data-testid="grids-o_1"]').text()).toContain('要求：先查独居老人')
    // once more: what has it keeps it
    await wrapper.get('[data-testid="grids-give"]').trigger('click')
    expect(wrapper.get(`[data-testid="grids-choose-${code(1)}"]`).attributes('disabled')).toBeDefined()
    expect(wrapper.get('[data-testid="grids-form"]').text()).toContain('已交办，未收')
  })

  it('is told in words why this one is for no grid, and when there is none', async () => {
    const here = page([])
    here.run.mockImplementation((key) => {
      here.problems.set(key, 'common.refusal.forbidden')
      return Promise.resolve(undefined)
    })
    const wrapper = await village(here)
    await wrapper.get('[data-testid="grids-give"]').trigger('click')
    await flushPromises()
    await wrapper.get('[data-testid="grids-form"]').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[data-testid="grids-form"]').text()).toContain('这条指令不能交给网格')
    wrapper.unmount()
    const bare = await village(page([], undefined, { ...present, grids: [], people: [] }))
    await bare.get('[data-testid="grids-give"]').trigger('click')
    await flushPromises()
    expect(bare.get('[data-testid="grids-none"]').text()).toContain('本村还没有网格')
  })

  it('follows each by what the hub tells, and takes it back with a reason and its consequence', async () => {
    const here = page([task(1, 'given'), task(2, 'signed', { signed_at: AT, signed_by: '郑某' })])
    const wrapper = await village(here)
    const state = (at: number) => wrapper.get(`[data-testid="grids-row-${code(at)}"]`).attributes('data-state')
    expect([state(1), state(2)]).toEqual(['given', 'signed'])
    expect(wrapper.get(`[data-testid="grids-row-${code(2)}"]`).text()).toContain('郑某 签收')
    here.hub.tasks = [task(1, 'given'), task(2, 'reported', { told_at: AT, told_by: '郑某', text: '查了一半', photos: [photo(1)] })]
    const before = here.hub.asked.length
    here.tell('o_2')
    here.tell('o_1')
    await vi.waitFor(() => { expect(state(2)).toBe('reported') })
    expect(here.hub.asked.slice(before).filter((path) => path.includes('grid-tasks'))).toHaveLength(1)
    expect(wrapper.get(`[data-testid="grids-row-${code(2)}"]`).text()).toContain('查了一半')
    expect(wrapper.find(`[data-testid="attachment-${photo(1).object.slice(0, 12)}"]`).exists()).toBe(true)
    await wrapper.get(`[data-testid="grids-take-${code(1)}"]`).trigger('click')
    expect(wrapper.text()).toContain('收回后“一组”不用再办')
    await wrapper.get('[data-testid="grids-take-send"]').trigger('click')
    expect(here.run).not.toHaveBeenCalled()
    await wrapper.get('[data-testid="grids-take-text"]').setValue('改由二组')
    await wrapper.get('[data-testid="grids-take-send"]').trigger('click')
    await flushPromises()
    expect(here.run.mock.calls).toEqual([['grids-take-o_1', 'gridtask.withdraw', { task: 'gt_1_given', reason: '改由二组' }]])
    await wrapper.get('[data-testid="grids-take-all"]').trigger('click')
    await wrapper.get('[data-testid="grids-take-text"]').setValue('不用了')
    await wrapper.get('[data-testid="grids-take-send"]').trigger('click')
    await flushPromises()
    expect(here.run.mock.calls.slice(1).map(([, , data]) => data)).toEqual([{ task: 'gt_1_given', reason: '不用了' }, { task: 'gt_2_reported', reason: '不用了' }])
  })

  it('is offered their words and photos for its own answer, which it sends itself', async () => {
    const here = page([task(1, 'done', { told_at: AT, told_by: '吴某', text: '查 42 户', photos: [photo(1)] }), task(2, 'done', { told_at: AT, text: '查 38 户' })])
    const wrapper = await village(here)
    expect(wrapper.get('[data-testid="grids-all-told"]').attributes('data-kind')).toBe('complete')
    await wrapper.get('[data-testid="station-order-complete-o_1"]').trigger('click')
    await wrapper.get('[data-testid="station-order-complete-text"]').setValue('已组织入户。')
    await wrapper.get('[data-testid="grids-write"]').trigger('click')
    await flushPromises()
    const field = wrapper.get<HTMLTextAreaElement>('[data-testid="station-order-complete-text"]')
    expect(field.element.value).toBe('已组织入户。\n一组：查 42 户\n二组：查 38 户')
    expect(here.run).not.toHaveBeenCalled()
    // once more brings nothing twice
    await wrapper.get('[data-testid="grids-write"]').trigger('click')
    await flushPromises()
    expect(field.element.value.match(/一组/g)).toHaveLength(1)
    await wrapper.get('form.form').trigger('submit')
    await flushPromises()
    expect(here.run).toHaveBeenCalledWith('complete-o_1', 'order.complete', { order: 'o_1', text: field.element.value, attachments: [photo(1)] })
  })
})

describe('those above', () => {
  it('see how far it is, and have no key', async () => {
    const { actions, live, global } = page([task(1, 'done', { told_at: AT, text: '查完' }), task(2, 'ended', { over_at: AT, reason: 'completed' })])
    const wrapper = mount(GridTasks, { props: { order: ORDER, village: VILLAGE, gives: false, now: NOW, actions, live }, global })
    await vi.waitFor(() => { expect(wrapper.find('[data-testid="grids-o_1"]').exists()).toBe(true) })
    expect(wrapper.text()).toContain('办结 1/2')
    expect(wrapper.text()).toContain('随指令办结')
    expect(wrapper.findAll('button')).toHaveLength(0)
  })

  it('see nothing of grids where there is nothing', async () => {
    const { actions, live, global, hub } = page([])
    const wrapper = mount(GridTasks, { props: { order: ORDER, village: VILLAGE, gives: false, now: NOW, actions, live }, global })
    await vi.waitFor(() => { expect(hub.asked).toHaveLength(1) })
    await flushPromises()
    expect(wrapper.find('[data-testid="grids-o_1"]').exists()).toBe(false)
  })
})
