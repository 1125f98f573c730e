import { describe, expect, it } from 'vitest'

import { fold, type MeetingView, viewOf } from '@/protocol/meeting'
import type { Entry } from '@/protocol/types'

import { completed, entry, issued, ref, signed, snapshot, TOWN, VILLAGE } from '../support/examples'

function folded(...entries: Entry[]): MeetingView {
  return entries.reduce((view, one) => fold(view, one).view, viewOf(snapshot(), []))
}

const village = ref('a_village', VILLAGE, '坦渡村')
const here = (seq: number): Entry => entry(seq, 'meeting.joined', { participant: village })

describe('a meeting folded from its entries', () => {
  it('counts who has joined, once', () => {
    const { meeting } = folded(here(3), here(5))
    expect(meeting.joined).toBe(2)
    expect(meeting.participants.map((one) => one.id)).toEqual(['a_leader', 'a_village'])
  })

  it('keeps somebody who left, with the state', () => {
    const { meeting } = folded(here(3), entry(4, 'meeting.left', { participant: 'a_village' }))
    expect(meeting.joined).toBe(1)
    expect(meeting.participants.at(-1)).toMatchObject({ state: 'left', left_at: '2026-11-23T08:00:04.000000Z' })
  })

  it('remembers that somebody is muted when he comes back', () => {
    const { meeting } = folded(
      here(3),
      entry(4, 'participant.muted', { participant: 'a_village' }),
      entry(5, 'meeting.left', { participant: 'a_village' }),
      here(6),
    )
    expect(meeting.participants.at(-1)).toMatchObject({ state: 'joined', muted: true })
  })

  it('moves an order on with each target, and is as slow as its slowest', () => {
    const one = folded(issued(3), signed(4, VILLAGE))
    expect(one.meeting.orders[0]?.state).toBe('issued')
    const two = folded(issued(3), signed(4, VILLAGE), signed(5, TOWN))
    expect(two.meeting.orders[0]?.state).toBe('signed')
    const three = folded(issued(3), signed(4, VILLAGE), signed(5, TOWN), completed(6, VILLAGE), completed(7, TOWN))
    expect(three.meeting.orders[0]?.state).toBe('completed')
    expect(three.meeting.counts).toMatchObject({ orders: 1, completed: 1 })
  })

  it('keeps the percentage when a progress names none', () => {
    const progress = (seq: number, percent: number | null): Entry =>
      entry(seq, 'order.progressed', {
        order: 'o_1',
        center: VILLAGE,
        name: '坦渡村',
        account_name: '张某',
        text: '到场',
        percent,
      })
    const target = folded(issued(3), progress(4, 40), progress(5, null)).meeting.orders[0]?.targets[0]
    expect(target).toMatchObject({ state: 'in_progress', percent: 40 })
    expect(target?.progress.length).toBe(2)
  })

  it('keeps reports, decisions and notes with their time and who made them', () => {
    const by = { account: 'a_leader', name: '王某', center: '', center_name: '' }
    const { meeting } = folded(
      entry(3, 'report.filed', { report: 'e_1', situation: 'abnormal', text: '断电', center: VILLAGE, name: '坦渡村' }, 'a_village'),
      entry(4, 'decision.recorded', { decision: 'd_1', text: '调车', by }),
      entry(5, 'note.added', { note: 'n_1', text: '记', at: '2026-11-23T08:00:00.000000Z', by }),
    )
    expect(meeting.reports[0]).toMatchObject({ id: 'e_1', account: 'a_village', situation: 'abnormal' })
    expect(meeting.decisions[0]?.at).toBe('2026-11-23T08:00:04.000000Z')
    expect(meeting.notes[0]?.at).toBe('2026-11-23T08:00:00.000000Z')
  })

  it('knows whether a recording runs, also when the snapshot only names the last one', () => {
    expect(viewOf(snapshot(), []).recording).toBe('r_1')
    const stop = entry(2, 'recording.stopped', { recording: 'r_1' })
    expect(viewOf(snapshot(), [stop]).recording).toBeNull()
    expect(folded(entry(3, 'recording.stopped', { recording: 'r_1' })).recording).toBeNull()
    const again = folded(
      entry(3, 'recording.stopped', { recording: 'r_1' }),
      entry(4, 'recording.started', { recording: 'r_2' }),
    )
    expect(again.recording).toBe('r_2')
    expect(folded(entry(3, 'meeting.ended', {})).recording).toBeNull()
  })

  it('folds what the record holds beyond the snapshot', () => {
    const view = viewOf(snapshot(), [here(5), here(4), entry(2, 'recording.stopped', { recording: 'r_1' })])
    expect(view.meeting.participants.map((one) => one.id)).toEqual(['a_leader', 'a_village'])
    expect(view.meeting.joined).toBe(2)
    expect(view.seq).toBe(5)
    expect(view.log.map((one) => one.seq)).toEqual([2, 4, 5])
    expect(view.recording).toBeNull()
  })

  it('tells an entry that was seen from one that came too late', () => {
    const view = folded(here(5))
    expect(fold(view, here(5)).status).toBe('duplicate')
    expect(fold(view, here(4)).status).toBe('late')
    expect(fold(view, here(9)).status).toBe('applied')
  })

  it('does not mind kinds that it does not know', () => {
    const strange = { ...here(3), kind: 'floor.granted', data: {} } as unknown as Entry
    const view = folded(strange)
    expect(view.seq).toBe(3)
    expect(view.log.length).toBe(1)
  })

  it('leaves what it was given untouched', () => {
    const before = viewOf(snapshot(), [])
    const copy = structuredClone(before)
    fold(fold(before, issued(3)).view, signed(4, VILLAGE))
    expect(before).toEqual(copy)
  })
})
