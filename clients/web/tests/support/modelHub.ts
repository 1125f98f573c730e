/** One meeting as the hub keeps it: random things happen in it, and are told as the hub tells them. Seeded. */
import type { FollowHandlers } from '@/protocol/follow'
import type { ChangedEvent, Entry, Followed, Order, OrderState, Participant, PartEvent, Snapshot } from '@/protocol/types'

import { CHAIR, entry, followed, joined, order, ref, snapshot, TOWN, VILLAGE } from './examples'

/** Hands one event to whoever listens. */
export type Told = (to: Pick<FollowHandlers, 'part' | 'can' | 'changed' | 'entry'>) => void

const NEXT: Record<OrderState, OrderState> = { issued: 'delivered', delivered: 'signed', signed: 'in_progress', in_progress: 'completed', completed: 'returned', returned: 'accepted', accepted: 'issued' }
const SLOWEST: readonly OrderState[] = ['issued', 'delivered', 'signed', 'returned', 'in_progress', 'completed', 'accepted']
const PEOPLE = ['a_1', 'a_2', 'a_3', 'a_4', 'a_5'].map((id) => ref(id, id === 'a_1' ? TOWN : VILLAGE, id))
const BY = { account: 'a_leader', name: '王某', center: '', center_name: '' }

export class ModelHub {
  readonly journal: Entry[] = []
  private now: Snapshot = snapshot()
  /** The documents one step before: a hub reads them from a store that may be behind. */
  private before: Snapshot = this.now
  private readonly untold = new Map<string, Pick<PartEvent, 'seq' | 'rows' | 'value'>>()

  constructor(private state: number) {}

  /** A number from 0 below `most`. */
  random(most: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0
    return Math.floor((this.state / 2 ** 32) * most)
  }

  /** The whole meeting; with `late` the documents are one step older than the parts. */
  followed(late = false): Followed {
    const { seq, orders, reports, decisions, notes } = late ? this.before : this.now
    return structuredClone(followed(this.now, { documents: { seq, orders, reports, decisions, notes }, entries: this.journal.slice(-500) }))
  }

  orders(ids: readonly string[]): Order[] {
    return structuredClone(this.now.orders.filter((one) => ids.includes(one.id)))
  }

  /** Something happens. What is told at once is returned; parts wait for `rest`. */
  step(): Told[] {
    this.before = structuredClone(this.now)
    const seq = this.now.seq + 1 + this.random(3)
    this.now.seq = seq
    const fact = entry(seq, 'note.added', { note: `n_${String(seq)}`, text: '', at: null, by: BY })
    this.journal.push(fact)
    const told: Told[] = [(to) => { to.entry(fact) }]
    const orders = this.now.orders.length < 4 ? () => this.issue(seq) : () => this.carryOut(seq)
    const steps = [() => this.seat(seq), () => this.whole(seq), () => this.write(seq), orders, orders, orders, orders]
    return [...told, ...(steps[this.random(steps.length)]?.() ?? [])]
  }

  /** The parts that changed since the last time: at most so often are they told. */
  rest(): Told[] {
    const events = [...this.untold].map(([name, event]) => structuredClone({ meeting: 'm_1', name, ...event }))
    this.untold.clear()
    return events.map((event) => (to) => { to.part(event) })
  }

  private seat(seq: number): Told[] {
    const who = PEOPLE[this.random(PEOPLE.length)] ?? CHAIR
    const at = this.now.participants.findIndex((one) => one.id === who.id)
    const seated = this.now.participants[at]
    let row: Participant | null
    if (seated === undefined) row = joined(who, `2026-11-23T08:00:${String(seq % 60).padStart(2, '0')}.000000Z`)
    else if (this.random(6) === 0) row = null
    else row = { ...seated, muted: this.random(2) === 0, state: this.random(2) === 0 ? 'left' : 'joined' }
    const others = this.now.participants.filter((one) => one.id !== who.id)
    this.now.participants = row === null ? others : [...others, row]
    this.now.joined = this.now.participants.filter((one) => one.state === 'joined').length
    const known = this.untold.get('seats')
    this.untold.set('seats', { seq, rows: { ...known?.rows, [who.id]: row && { ...row } } })
    return []
  }

  private whole(seq: number): Told[] {
    if (this.random(2) === 0) {
      this.now.broadcast = PEOPLE[this.random(PEOPLE.length)]?.id ?? null
      this.untold.set('stage', { seq, value: { broadcast: this.now.broadcast } })
      return []
    }
    this.now.recording = this.random(2) === 0 ? null : `r_${String(seq)}`
    this.untold.set('recording', { seq, value: { running: this.now.recording } })
    return []
  }

  private write(seq: number): Told[] {
    const at = `2026-11-23T09:00:${String(seq % 60).padStart(2, '0')}.000000Z`
    const id = `d_${String(seq)}`
    const decision = { id, meeting: 'm_1', text: String(seq), by: BY, at }
    this.now.decisions.push(decision)
    const silent = this.random(5) === 0
    return [(to) => { to.changed({ what: 'decision', id, meeting: 'm_1', seq, ...(silent ? {} : { value: { ...decision } }) }) }]
  }

  private issue(seq: number): Told[] {
    const issued = order(undefined, { id: `o_${String(seq)}`, issued_at: `2026-11-23T10:00:${String(seq % 60).padStart(2, '0')}.000000Z` })
    this.now.orders.push(issued)
    return [this.changed(issued, seq, this.random(4) === 0 ? {} : { value: structuredClone(issued) })]
  }

  private carryOut(seq: number): Told[] {
    const moved = this.now.orders[this.random(this.now.orders.length)]
    const target = moved?.targets[this.random(moved.targets.length)]
    if (moved === undefined || target === undefined) return []
    target.state = NEXT[target.state]
    target.percent = seq
    moved.state = SLOWEST[Math.min(...moved.targets.map((one) => SLOWEST.indexOf(one.state)))] ?? 'issued'
    const rows = { [target.center]: structuredClone(target) }
    const how = this.random(12)
    return [this.changed(moved, seq, how === 0 ? {} : how === 1 ? { value: structuredClone(moved) } : { rows })]
  }

  private changed(one: Order, seq: number, how: object): Told {
    const event: ChangedEvent = { what: 'order', id: one.id, meeting: 'm_1', seq, ...how }
    return (to) => { to.changed(structuredClone(event)) }
  }
}
