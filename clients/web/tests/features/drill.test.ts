/** The guided drill: what counts as done, in any order, and that it goes on at the next page. */
import { describe, expect, it } from 'vitest'
import { nextTick, shallowRef } from 'vue'

import { seenByLeader, seenByVillage, type StepName } from '@/features/drill/steps'
import { type DrillStorage, useDrill } from '@/features/drill/useDrill'
import en from '@/features/drill/own.en'
import zh from '@/features/drill/own.zh'
import type { Order, Report } from '@/protocol/types'

import { CHAIR, joined, LEADER, ref, snapshot, VILLAGE } from '../support/examples'

const VILLAGER = { ...LEADER, id: 'a_village', role: 'station' as const, center: { ...LEADER.center, code: VILLAGE } }
const report: Report = { id: 'p_1', meeting: 'm_1', situation: 'normal', text: '一切正常', center: VILLAGE, name: '坦渡村', at: '2026-11-23T08:00:05.000000Z', account: 'a_village' }

function order(state: Order['state']): Order {
  const target = { center: VILLAGE, name: '坦渡村', state, signed_at: null, signed_by: null, completed_at: null, percent: null, progress: [] }
  const issuer = { account: LEADER.id, name: LEADER.name, center: LEADER.center.code, center_name: LEADER.center.name }
  return { id: 'o_1', meeting: 'm_1', text: '巡堤', priority: 'normal', due: null, issuer, issued_at: '2026-11-23T08:00:06.000000Z', state, targets: [target] }
}

function memory(): DrillStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => {
      kept.set(key, value)
    },
  }
}

describe('what counts as done', () => {
  it('for a leader is what his meeting shows', () => {
    expect([...seenByLeader(undefined, LEADER)]).toEqual([])
    expect([...seenByLeader(snapshot({ participants: [joined(CHAIR)] }), LEADER)]).toEqual(['convene'])
    const there = joined(ref('a_village', VILLAGE, '坦渡村'))
    const full = snapshot({ participants: [joined(CHAIR), there], broadcast: 'a_village', reports: [report], orders: [order('issued')] })
    expect([...seenByLeader(full, LEADER)]).toEqual(['convene', 'arrive', 'broadcast', 'hear', 'order'])
    expect(seenByLeader({ ...full, orders: [order('signed')] }, LEADER)).toContain('signed')
    expect(seenByLeader({ ...full, state: 'ended' }, LEADER)).toContain('end')
  })

  it('for a village is its own report and its own orders', () => {
    expect([...seenByVillage(undefined, [], VILLAGER)]).toEqual([])
    const others = snapshot({ reports: [{ ...report, account: 'a_demo' }] })
    expect([...seenByVillage(others, [order('issued')], VILLAGER)]).toEqual(['answer'])
    expect([...seenByVillage(snapshot({ reports: [report] }), [order('completed')], VILLAGER)]).toEqual(['answer', 'report', 'sign', 'complete'])
  })

  it('is told in both languages for every step', () => {
    for (const words of [zh, en]) {
      for (const step of [...Object.values(words.leader), ...Object.values(words.village)]) {
        expect(step.what).not.toBe('')
        expect(step.how).not.toBe('')
      }
    }
  })
})

describe('a drill', () => {
  it('counts nothing before it is started, and names the first step that is missing', async () => {
    const seen = shallowRef<ReadonlySet<StepName>>(new Set(['convene']))
    const drill = useDrill('leader', seen, memory())
    expect(drill.state.value).toBe('offered')
    drill.start()
    expect(drill.next.value).toBe('arrive')
    seen.value = new Set(['convene', 'decide'])
    await nextTick()
    expect(drill.next.value).toBe('arrive')
    expect(drill.steps.value.filter((step) => step.done).map((step) => step.name)).toEqual(['convene', 'decide'])
  })

  it('remembers at the next page what is no longer to be seen, and ends with the last step', async () => {
    const storage = memory()
    const seen = shallowRef<ReadonlySet<StepName>>(new Set(['answer', 'report']))
    useDrill('village', seen, storage).start()
    const later = shallowRef<ReadonlySet<StepName>>(new Set())
    const drill = useDrill('village', later, storage)
    expect(drill.next.value).toBe('sign')
    later.value = new Set(['sign', 'complete'])
    await nextTick()
    expect(drill.state.value).toBe('finished')
  })

  it('is not offered again in this visit once it was declined', () => {
    const storage = memory()
    useDrill('leader', shallowRef(new Set<StepName>()), storage).stop()
    expect(useDrill('leader', shallowRef(new Set<StepName>()), storage).state.value).toBe('declined')
  })
})
