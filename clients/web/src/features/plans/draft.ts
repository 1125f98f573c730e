/** A plan as it is filled in, and whom it means now. Pure. */
import { ALL, type Whom } from '@/parts/whom/whom'
import { type Chosen, meantBy, NOBODY } from '@/parts/centers/called'
import type { Author, Center, CommandData, Group, Plan, Reach } from '@/protocol/types'
import { membersOf, reached } from '@/state/groups'

export type Priority = 'normal' | 'urgent' | 'critical'
export interface OrderDraft {
  text: string
  priority: Priority
  /** Minutes; null for no date. */
  due: number | null
  whom: Whom
}
export interface TaskDraft {
  title: string
  text: string
  due: number
  whom: Whom
}
export interface PlanDraft {
  name: string
  event: string
  title: string
  kind: 'dispatch' | 'consultation'
  record: boolean
  /** Only who is cleared sees the plan and knows of its meeting. */
  secret: boolean
  chosen: Chosen
  groups: readonly string[]
  backup: Author | null
  co: readonly Author[]
  banner: boolean
  bannerText: string
  style: 'notice' | 'warning'
  orders: OrderDraft[]
  tasks: TaskDraft[]
}

/** Minutes that one chooses from. */
export const DUES = [15, 30, 60, 120, 240, 480, 1440, 4320] as const
export const MOST_ORDERS = 20
export const MOST_TASKS = 10

export const emptyOrder = (): OrderDraft => ({ text: '', priority: 'urgent', due: 60, whom: ALL })
export const emptyTask = (): TaskDraft => ({ title: '', text: '', due: 60, whom: ALL })
export function emptyPlan(): PlanDraft {
  return { name: '', event: '', title: '', kind: 'dispatch', record: true, secret: false, chosen: NOBODY, groups: [], backup: null, co: [], banner: false, bannerText: '', style: 'warning', orders: [], tasks: [] }
}

const whomOf = ({ centers = [], reaches = [] }: { centers?: string[]; reaches?: Reach[] }): Whom => ({ centers, reaches })

export function draftOf(plan: Plan): PlanDraft {
  return {
    name: plan.name, event: plan.event, title: plan.meeting.title, kind: plan.meeting.kind ?? 'dispatch', record: plan.meeting.record ?? true, secret: plan.meeting.level === 'secret',
    chosen: { centers: plan.centers, reaches: plan.reaches }, groups: plan.groups, backup: plan.backup, co: plan.co_chairs,
    banner: plan.banner !== null, bannerText: plan.banner?.text ?? '', style: plan.banner?.style ?? 'warning',
    orders: plan.orders.map((one) => ({ text: one.text, priority: one.priority ?? 'normal', due: one.due_minutes ?? null, whom: whomOf(one) })),
    tasks: plan.tasks.map((one) => ({ title: one.title, text: one.text ?? '', due: one.due_minutes ?? 60, whom: whomOf(one) })),
  }
}

const named = ({ centers, reaches }: Whom): { centers: string[]; reaches: Reach[] } => ({ centers: [...centers], reaches: [...reaches] })

/** `plan`: the one that is changed, as it was read. */
export function fieldsOf(draft: PlanDraft, plan: Pick<Plan, 'id' | 'seq'> | undefined): CommandData['plan.save'] {
  return {
    plan: plan?.id ?? null, seq: plan?.seq ?? null, name: draft.name.trim(), event: draft.event.trim(),
    meeting: { title: draft.title.trim(), kind: draft.kind, record: draft.record, level: draft.secret ? 'secret' : 'normal' },
    centers: [...draft.chosen.centers], reaches: [...draft.chosen.reaches], groups: [...draft.groups],
    backup: draft.backup?.account ?? null, co_chairs: draft.co.map((one) => one.account),
    banner: draft.banner ? { text: draft.bannerText.trim(), style: draft.style } : null,
    orders: draft.orders.map((one) => ({ text: one.text.trim(), priority: one.priority, due_minutes: one.due, ...named(one.whom) })),
    tasks: draft.tasks.map((one) => ({ title: one.title.trim(), text: one.text.trim(), due_minutes: one.due, ...named(one.whom) })),
  }
}

/** Codes of those whom it calls now; `all`: one's own center and all below it, parents first. */
export function calledBy(draft: Pick<PlanDraft, 'chosen' | 'groups'>, all: readonly Center[], groups: readonly Group[]): string[] {
  const own = all[0]?.code
  const meant = meantBy(draft.chosen, all)
  for (const group of groups) if (draft.groups.includes(group.id)) for (const code of membersOf(group, all)) meant.add(code)
  return all.map(({ code }) => code).filter((code) => code !== own && meant.has(code))
}

/** Of those who are called, whom an order or a task means. */
export function meantOf(whom: Whom, called: readonly string[], all: readonly Center[]): string[] {
  if (whom.centers.length === 0 && whom.reaches.length === 0) return [...called]
  const meant = new Set([...whom.centers, ...whom.reaches.flatMap((reach) => reached(reach, all))])
  return called.filter((code) => meant.has(code))
}

/** What is missing, by field, orders and tasks with their place from 0. The words stand below `problem`. */
export function problemsOf(draft: PlanDraft, called: readonly string[], all: readonly Center[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (draft.name.trim() === '') found.set('name', 'name')
  if (draft.title.trim() === '') found.set('title', 'title')
  if (called.length === 0) found.set('who', 'who')
  if (draft.banner && draft.bannerText.trim() === '') found.set('banner', 'banner')
  draft.orders.forEach((one, at) => {
    if (one.text.trim() === '') found.set(`orders.${String(at)}`, 'order')
    else if (called.length > 0 && meantOf(one.whom, called, all).length === 0) found.set(`orders.${String(at)}`, 'whom')
  })
  draft.tasks.forEach((one, at) => {
    if (one.title.trim() === '') found.set(`tasks.${String(at)}`, 'task')
    else if (called.length > 0 && meantOf(one.whom, called, all).length === 0) found.set(`tasks.${String(at)}`, 'whom')
  })
  return found
}

/** One of a list, moved by a place up or down. */
export function moved<T>(list: readonly T[], at: number, by: -1 | 1): T[] {
  const made = [...list]
  const [one] = made.splice(at, 1)
  if (one !== undefined) made.splice(Math.max(0, Math.min(made.length, at + by)), 0, one)
  return made
}
