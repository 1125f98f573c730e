/** Patrols on the page: how rounds stand, routes that are written, and that the page counts no second by itself. */
import { flushPromises } from '@vue/test-utils'
import { effectScope, ref, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'

import { added, commandOf, emptyDraft, MOST_STOPS, moved, problemOf, toggledDay, withTurns } from '@/features/patrol/draft'
import en from '@/features/patrol/page.en'
import zh from '@/features/patrol/page.zh'
import { away, standingOf, timesText } from '@/features/patrol/rounds'
import { useMeter } from '@/features/patrol/useMeter'
import { useRecall } from '@/features/patrol/useRecall'
import { Refused } from '@/protocol/refusal'
import type { PatrolEvent, PatrolRound } from '@/protocol/types'
import type { Live } from '@/state/live'

const NOW = Date.parse('2026-11-29T10:00:00Z')
const DUE = { due: '2026-11-29T10:30:00Z', taken_at: null }

describe('how a round stands', () => {
  it('says late of what can still be walked, and never of what is over', () => {
    expect(standingOf({ ...DUE, state: 'waiting' }, NOW)).toBe('waiting')
    expect(standingOf({ ...DUE, state: 'waiting', taken_at: '2026-11-29T09:50:00Z' }, NOW)).toBe('left')
    expect(standingOf({ ...DUE, state: 'walking' }, NOW + 3_600_000)).toBe('late')
    expect(standingOf({ ...DUE, state: 'missed' }, NOW + 3_600_000)).toBe('missed')
  })
  it('tells how far a moment is', () => {
    expect(away('2026-11-29T12:10:00Z', NOW)).toEqual({ days: 0, hours: 2, minutes: 10 })
    expect(away('2026-11-29T09:55:00Z', NOW)).toEqual({ days: 0, hours: 0, minutes: 5 })
  })
  it('tells when rounds begin', () => {
    const t = (key: string, words?: Record<string, string | number>): string => `${key}${JSON.stringify(words ?? '')}`
    expect(timesText({ times: [], by_shift: false }, t)).toContain('byHand')
    expect(timesText({ times: [{ time: '08:30', weekdays: [1, 3] }], by_shift: true }, t)).toMatch(/onDays.*08:30.*byShift/)
  })
})

describe('a route that is written', () => {
  const camera = (id: string): { camera: string; name: string; center_name: string } => ({ camera: id, name: id, center_name: '坦渡村' })
  const three = ['a', 'b', 'c'].reduce<ReturnType<typeof added>>((stops, id) => added(stops, camera(id)), [])

  it('has its stops in the order in which they are put', () => {
    expect(moved(three, 2, 0).map((one) => one.camera)).toEqual(['c', 'a', 'b'])
    expect(moved(three, 0, 9).map((one) => one.camera)).toEqual(['b', 'c', 'a'])
    expect(moved(three, 1, 1)).toBe(three)
  })
  it('ask no direction of a camera that is fixed, as soon as that is known', () => {
    const two = added(added([], { camera: 'a', name: 'a', center_name: 'a' }), { camera: 'b', name: 'b', center_name: 'b', onvif: true, can: ['move'] })
    expect(two.map((one) => one.turns)).toEqual([undefined, true])
    const known = [{ camera: 'a', onvif: false, can: ['watch', 'move'] }, { camera: 'b', onvif: true, can: ['watch'] }, { camera: 'c' }]
    expect(withTurns(two, known).map((one) => one.turns)).toEqual([false, false])
    expect(withTurns(two, [])).toEqual(two)
  })
  it('takes a camera twice, and no more stops than the hub does', () => {
    const twice = added(three, camera('a'))
    expect(new Set(twice.map((one) => one.key)).size).toBe(4)
    const full = Array.from({ length: MOST_STOPS }).reduce<ReturnType<typeof added>>((stops) => added(stops, camera('x')), [])
    expect(added(full, camera('y'))).toBe(full)
  })
  it('says what is missing, and is sent as the hub takes it', () => {
    const draft = emptyDraft('430682115000')
    expect(problemOf(draft)).toBe('title')
    expect(problemOf({ ...draft, title: '夜间' })).toBe('stops')
    expect(problemOf({ ...draft, title: '夜间', stops: three, times: [{ time: '', weekdays: [1] }] })).toBe('time')
    expect(problemOf({ ...draft, title: '夜间', stops: three, within: 3 })).toBe('within')
    expect(toggledDay([1], 1)).toEqual([1])
    const command = commandOf({ ...draft, title: ' 夜间 ', stops: three.map((one) => ({ ...one, dwell: 1 })) }, { id: 'pr_1', version: 2 })
    expect([command.title, command.version, command.stops[0]?.dwell_seconds]).toEqual(['夜间', 2, 3])
  })
})

describe('the meter', () => {
  it('shows what the hub tells of this stop, and nothing of its own', () => {
    let tell: (event: PatrolEvent) => void = () => undefined
    const live = { socket: { on: (_: string, hear: (event: PatrolEvent) => void) => { tell = hear; return () => undefined } } } as unknown as Pick<Live, 'socket'>
    const round = ref({ id: 'pd_1', stop: 1, seconds: 0 } as PatrolRound)
    const scope = effectScope()
    const meter = scope.run(() => useMeter(live, () => round.value, () => Date.now()))
    const event: PatrolEvent = { round: 'pd_1', stop: 1, camera: 'ca_1', seconds: 4, quality: 'good', enough: true }
    expect(meter?.value).toEqual({ seconds: 0, enough: false, flows: false })
    tell({ ...event, stop: 2 })
    expect(meter?.value.enough).toBe(false)
    tell(event)
    expect(meter?.value).toEqual({ seconds: 4, enough: true, flows: true })
    round.value = { ...round.value, stop: 2 }
    expect(meter?.value).toEqual({ seconds: 0, enough: false, flows: false })
    scope.stop()
  })
})

describe('the words', () => {
  const keys = (value: object, path = ''): string[] => Object.entries(value).flatMap(([name, one]) => (typeof one === 'string' ? [`${path}${name}`] : Array.isArray(one) ? [`${path}${name} ${String(one.length)}`] : keys(one as object, `${path}${name}.`)))
  it('are the same in both languages', () => {
    expect(keys(en)).toEqual(keys(zh))
  })
})

describe('a stop with a direction', () => {
  function page() {
    const said: Record<string, unknown>[] = []
    const listeners = new Map<string, (value: unknown) => void>()
    let refuses = false
    const socket = {
      on: (name: string, listener: (value: unknown) => void) => {
        listeners.set(name, listener)
        return () => listeners.delete(name)
      },
      call: (_: string, body: Record<string, unknown>) => {
        said.push(body)
        return refuses && body['do'] === 'recall' ? Promise.reject(new Refused('conflict', 'another hand')) : Promise.resolve({ hand: null })
      },
    }
    const stop = shallowRef<{ stop: number; camera: string; preset: { token: string; name: string } | null } | undefined>({ stop: 1, camera: 'ca_1', preset: { token: '2', name: '河堤' } })
    const scope = effectScope()
    const recall = scope.run(() => useRecall({ socket } as never, () => stop.value as never))
    if (recall === undefined) throw new Error('no scope')
    return { said, stop, recall, hello: () => listeners.get('hello')?.({}), refuse: (yes: boolean) => { refuses = yes }, close: () => { scope.stop() } }
  }

  it('is recalled when one comes to it, and let go of when one goes on', async () => {
    const { said, stop, recall, hello, close } = page()
    await flushPromises()
    expect([recall.state.value, said]).toEqual(['there', [{ camera: 'ca_1', do: 'recall', preset: '2' }]])
    hello()
    stop.value = { stop: 2, camera: 'ca_2', preset: null }
    await flushPromises()
    expect([recall.state.value, said.at(-1)]).toEqual(['none', { camera: 'ca_1', do: 'release' }])
    stop.value = { stop: 3, camera: 'ca_1', preset: { token: '1', name: '村口' } }
    await flushPromises()
    close()
    expect(said.slice(2)).toEqual([{ camera: 'ca_1', do: 'recall', preset: '1' }, { camera: 'ca_1', do: 'release' }])
  })

  it('says why it does not look there, and is asked for again', async () => {
    const { said, recall, refuse, hello, close } = page()
    refuse(true)
    recall.again()
    await flushPromises()
    expect([recall.state.value, recall.why.value]).toEqual(['failed', 'common.refusal.conflict'])
    refuse(false)
    hello()
    await flushPromises()
    expect([recall.state.value, recall.why.value, said.length]).toEqual(['there', undefined, 3])
    close()
  })
})
