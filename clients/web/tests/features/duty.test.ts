// @vitest-environment jsdom
/** Duty on the pages: who has it at a moment, a week that is written, the log as a file, and taking over by reading the note. */
import { flushPromises, mount } from '@vue/test-utils'
import { computed, effectScope, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'

import DutyKeys from '@/features/duty/DutyKeys.vue'
import { csvOf, isOfKind, peopleIn } from '@/features/duty/log'
import { freshLine, isSame, type Line, lineOf, onDay, plannedOf, plusOf, problemsOf } from '@/features/duty/roster'
import { makeI18n } from '@/i18n'
import { standingOf } from '@/parts/duty/standing'
import type { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Duties, DutiesAbove, Duty, DutyTurns, Entry, Shift } from '@/protocol/types'
import { useDutyBook } from '@/state/duty'
import type { Live } from '@/state/live'
import { sessionKey } from '@/state/session'

import { VILLAGE } from '../support/examples'

const ZONE = 'Asia/Shanghai'
const at = (time: string): string => `2026-11-29T${time}:00.000000Z`
const NOW = Date.parse(at('02:00'))

function shift(from: string, to: string, name: string, role: Shift['role'] = 'watch'): Shift {
  return { role, starts_at: from, ends_at: to, name, post: '值班员' }
}
const MORNING = shift(at('00:00'), at('12:00'), '张三')
const NIGHT = shift(at('12:00'), at('23:00'), '李四')

function duty(news: Partial<Duty> = {}): Duty {
  return { id: VILLAGE, turn: null, shifts: [], ended_at: null, missed: null, until: at('23:59'), ...news }
}
const turn = (handed_at: string | null = null): Duty['turn'] => ({ id: 'h_000000000000000001', name: '王五', post: '', since: at('00:10'), handed_at })

describe('who is on duty', () => {
  it('is who took over, else whose shift it is, else nobody; and since when', () => {
    expect(standingOf(duty({ turn: turn(), shifts: [MORNING] }), NOW)).toMatchObject({ how: 'taken', name: '王五', since: at('00:10') })
    expect(standingOf(duty({ turn: turn(at('01:00')), shifts: [MORNING, NIGHT] }), NOW)).toMatchObject({ how: 'roster', name: '张三', since: at('00:00'), next: NIGHT })
    expect(standingOf(duty({ turn: turn(at('01:00')) }), NOW)).toMatchObject({ how: 'nobody', since: at('01:00'), known: true })
    expect(standingOf(undefined, NOW).known).toBe(false)
  })

  it('changes with the clock alone, to the moment', () => {
    const rostered = duty({ shifts: [MORNING, NIGHT, shift(at('00:00'), at('23:00'), '王镇长', 'lead')] })
    expect(standingOf(rostered, Date.parse(at('12:00')) - 1).name).toBe('张三')
    expect(standingOf(rostered, Date.parse(at('12:00')))).toMatchObject({ name: '李四', next: undefined, lead: { name: '王镇长' } })
    expect(standingOf(rostered, Date.parse(at('23:00')))).toMatchObject({ how: 'nobody', since: at('23:00'), lead: undefined })
  })

  it('says a missed shift as long as that shift lasts', () => {
    const missed = duty({ shifts: [MORNING], missed: MORNING })
    expect(standingOf(missed, NOW).missed).toEqual(MORNING)
    expect(standingOf(missed, Date.parse(at('12:00'))).missed).toBeUndefined()
  })
})

describe('a roster that is written', () => {
  const line = (news: Partial<Line> = {}): Line => ({ ...lineOf(MORNING, ZONE), ...news })

  it('is days and times of the hub, and the same when it comes back', () => {
    expect(line()).toMatchObject({ day: '2026-11-29', begins: '08:00', ends: '20:00', plus: 0 })
    const night = lineOf(NIGHT, ZONE)
    expect(night).toMatchObject({ day: '2026-11-29', begins: '20:00', ends: '07:00', plus: 1 })
    expect(Date.parse(plannedOf(night, ZONE).ends_at)).toBe(Date.parse(NIGHT.ends_at))
    expect(isSame([line(), night], [lineOf(NIGHT, ZONE), line()])).toBe(true)
    expect(isSame([line()], [line({ name: '赵六' })])).toBe(false)
    expect([plusOf('08:00', '20:00'), plusOf('20:00', '08:00'), plusOf('08:00', '08:00')]).toEqual([0, 1, 1])
  })

  it('goes on where the shift before ends', () => {
    expect(freshLine('2026-11-29')).toMatchObject({ begins: '08:00', ends: '20:00', role: 'watch' })
    expect(freshLine('2026-11-29', line())).toMatchObject({ begins: '20:00', ends: '08:00', plus: 1 })
    expect(onDay(line(), '2026-11-30').key).not.toBe(line().key)
  })

  it.each([
    ['name', { name: ' ' }], ['number', { post: '0730-8229999' }], ['time', { begins: '' }], ['length', { ends: '08:05', plus: 0 }],
  ] as const)('says what is wrong with a shift: %s', (problem, news) => {
    const wrong = line(news)
    expect(problemsOf([wrong], [], ZONE).get(wrong.key)).toBe(problem)
  })

  it('names the later of two shifts of one kind at one time, and one that runs into another week', () => {
    const first = line()
    const later = onDay({ ...first, begins: '19:00', ends: '22:00' }, first.day)
    expect([...problemsOf([later, first], [], ZONE)]).toEqual([[later.key, 'overlap']])
    expect(problemsOf([first, { ...later, role: 'lead' }], [], ZONE).size).toBe(0)
    expect(problemsOf([first], [NIGHT], ZONE).size).toBe(0)
    expect(problemsOf([later], [NIGHT], ZONE).get(later.key)).toBe('overlap')
  })
})

describe('the log', () => {
  const entry = (kind: string, data: object): Entry => ({ seq: 1, at: at('01:00'), actor: { account: 'a_1', center: VILLAGE }, kind, meeting: null, audience: [], data, alg: '', prev: '', hash: '' }) as unknown as Entry

  it('is a file that no spreadsheet runs, kept to the letter otherwise', () => {
    expect(csvOf([['=1+1', '他说"好"', 'a,b\n𠮷']])).toBe('\ufeff"\'=1+1","他说""好""","a,b\n𠮷"\r\n')
  })

  it('knows people by what the entries say of them, and by their center else', () => {
    const people = peopleIn([entry('report.filed', {}), entry('duty.taken', { by: { account: 'a_2', name: '值守', center_name: '坦渡村' } })], () => '坦渡村')
    expect([people.get('a_1'), people.get('a_2')]).toEqual(['坦渡村', '坦渡村 值守'])
    expect([isOfKind(entry('alarm.raised', {}), 'report'), isOfKind(entry('order.issued', {}), 'duty'), isOfKind(entry('x.y', {}), 'all')]).toEqual([true, false, true])
  })
})

/** The line and the hub's answers, as far as duty needs them. */
function hub(listed: Duty) {
  const listeners = new Map<string, Set<(event: never) => void>>()
  const given: { kind: string; data: unknown }[] = []
  const asked: string[] = []
  let refuse: Refused | undefined
  const state = { duty: listed }
  const live = {
    socket: {
      on: (name: string, listener: (event: never) => void) => {
        const of = listeners.get(name) ?? new Set()
        listeners.set(name, of.add(listener))
        return () => of.delete(listener)
      },
    },
    frame: { soon: (show: () => void) => { show() } },
    greeted: ref(true),
    can: ref(new Set(['duty.take'])),
    orders: computed(() => [{ id: 'o_1', text: '上堤巡查', targets: [{ center: VILLAGE, state: 'issued' }] }, { id: 'o_2', text: '已办', targets: [{ center: VILLAGE, state: 'completed' }] }]),
    command: async (kind: string, data: unknown) => {
      given.push({ kind, data })
      if (refuse !== undefined) throw refuse
      return { seq: 9, entries: [] }
    },
  } as unknown as Live
  const api = {
    call: async (_method: string, path: string) => {
      asked.push(path)
      if (path.startsWith('/duty/turns')) return { turns: [{ id: 'h_000000000000000001', center: VILLAGE, name: '王五', post: '', by: {}, taken_at: at('00:10'), handed_at: at('01:00'), note: { situation: '水位平稳', done: '', to_do: '', resources: '', remarks: '' }, relieved_at: null, relieved_by: null }], next: null } as unknown as DutyTurns
      if (path === '/duty/above') return { above: [{ center: '430682115000', name: '坦渡镇', how: 'nobody', person: '' }, { center: '430682000000', name: '临湘市', how: 'taken', person: '赵六' }], at: at('02:00') } satisfies DutiesAbove
      return { duties: [state.duty], time_zone: ZONE, seq: 5 } satisfies Duties
    },
  } as unknown as Api
  return { live, api, given, asked, tell: (name: string, event: object) => listeners.get(name)?.forEach((listener) => { listener(event as never) }), listening: () => [...listeners.values()].reduce((sum, of) => sum + of.size, 0), refuse: (error?: Refused) => (refuse = error) }
}

describe('the list of who is on duty', () => {
  it('is read once for all who show it, follows what is told, and ends a while after the last', async () => {
    vi.useFakeTimers()
    const { live, api, asked, tell, listening } = hub(duty({ shifts: [MORNING] }))
    const [one, other] = [effectScope(), effectScope()]
    const book = one.run(() => useDutyBook(live, api))
    expect(other.run(() => useDutyBook(live, api))).toBe(book)
    await flushPromises()
    expect(asked).toEqual(['/duty'])
    tell('changed', { what: 'duty', id: VILLAGE, seq: 6, value: duty({ turn: turn() }) })
    expect(book?.get(VILLAGE)?.turn?.name).toBe('王五')
    one.stop()
    other.stop()
    // a list that was empty for a moment draws its rows again
    const third = effectScope()
    expect(third.run(() => useDutyBook(live, api))).toBe(book)
    await vi.advanceTimersByTimeAsync(70_000)
    expect(listening()).toBeGreaterThan(0)
    third.stop()
    await vi.advanceTimersByTimeAsync(70_000)
    expect(listening()).toBe(0)
    vi.useRealTimers()
  })
})

describe('the keys of duty', () => {
  function page(made: ReturnType<typeof hub>) {
    return mount(DutyKeys, { props: { live: made.live, center: VILLAGE, now: NOW, large: true, own: true }, global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: { api: made.api } } }, attachTo: document.body })
  }

  it('let the next one take over only when the note is read, and say who it was', async () => {
    const made = hub(duty({ turn: turn(at('01:00')), shifts: [MORNING] }))
    const shown = page(made)
    await flushPromises()
    expect(shown.text()).toContain('按排班')
    await shown.get('[data-testid=duty-take]').trigger('click')
    const confirm = () => shown.get('[data-testid=duty-take-confirm]')
    expect(confirm().attributes('disabled')).toBeDefined()
    await flushPromises()
    expect(shown.text()).toContain('水位平稳')
    expect((shown.get('[data-testid=duty-name]').element as HTMLInputElement).value).toBe('张三')
    await shown.get('form').trigger('submit')
    await flushPromises()
    expect(made.given).toEqual([{ kind: 'duty.take', data: { name: '张三', post: '值班员', relieves: 'h_000000000000000001' } }])
    expect(shown.text()).toContain('已接班：张三')
    shown.unmount()
  })

  it('say on a station who is on duty above, the nearest first, and as of when', async () => {
    const made = hub(duty({ turn: turn() }))
    const shown = page(made)
    await vi.waitFor(() => { expect(shown.find('[data-testid=duty-above]').exists()).toBe(true) }, 10_000)
    const above = shown.get('[data-testid=duty-above]').text()
    expect(above).toMatch(/坦渡镇 无人值守.*临湘市 赵六/s)
    expect(above).toContain('的情况')
    shown.unmount()
    expect(made.asked.filter((path) => path === '/duty/above')).toHaveLength(1)
  })

  it('put open orders into the note, ask for the situation, and keep what is written when the hub refuses', async () => {
    const made = hub(duty({ turn: turn() }))
    const shown = page(made)
    await flushPromises()
    await shown.get('[data-testid=duty-hand]').trigger('click')
    await shown.get('[data-testid=duty-put-in]').trigger('click')
    const todo = shown.get('[data-testid=duty-to_do]').element as HTMLTextAreaElement
    expect(todo.value).toBe('指令（未签收）：上堤巡查')
    await shown.get('form').trigger('submit')
    expect(made.given).toEqual([])
    expect(shown.text()).toContain('请写当前情况')
    await shown.get('[data-testid=duty-situation]').setValue('水位平稳')
    made.refuse(new Refused('conflict', 'somebody else'))
    await shown.get('form').trigger('submit')
    await flushPromises()
    expect(shown.text()).toContain('刚才有人接了班或交了班')
    expect(todo.value).toContain('上堤巡查')
    // a meeting takes its place, and gives it back
    shown.unmount()
    const again = page(made)
    await flushPromises()
    await again.get('[data-testid=duty-hand]').trigger('click')
    expect((again.get('[data-testid=duty-situation]').element as HTMLTextAreaElement).value).toBe('水位平稳')
    again.unmount()
  })
})
