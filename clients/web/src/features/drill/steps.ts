/** The steps of the guided drills, and what of a meeting shows that one is done. Pure. */
import type { Account, Order, Snapshot } from '@/protocol/types'
import { isDone, isSigned } from '@/state/orders'

/** Who is playing: the leader at the console, or a village at its station. */
export type Drill = 'leader' | 'village'
export type StepName = (typeof STEPS)[Drill][number]

/** In the order in which they are told. */
export const STEPS = {
  leader: ['convene', 'arrive', 'broadcast', 'hear', 'order', 'signed', 'decide', 'end', 'review'],
  village: ['answer', 'report', 'sign', 'complete'],
} as const

const NOTHING: ReadonlySet<StepName> = new Set()

/** What the leader's meeting shows as done; nothing before he is in one. */
export function seenByLeader(meeting: Snapshot | undefined, account: Account): ReadonlySet<StepName> {
  if (meeting === undefined) return NOTHING
  const elsewhere = meeting.participants.some((one) => one.state === 'joined' && one.center !== account.center.code)
  return new Set<StepName>([
    'convene',
    ...given(elsewhere, 'arrive'),
    ...given(meeting.broadcast !== null, 'broadcast'),
    ...given(meeting.reports.length > 0, 'hear'),
    ...given(meeting.orders.length > 0, 'order'),
    ...given(meeting.orders.some((order) => order.targets.some((target) => isSigned(target.state))), 'signed'),
    ...given(meeting.decisions.length > 0, 'decide'),
    ...given(meeting.state === 'ended', 'end'),
  ])
}

/** What a village has done: in its meeting, if it is in one, and with the orders of its center. */
export function seenByVillage(
  meeting: Snapshot | undefined,
  orders: readonly Order[],
  account: Account,
): ReadonlySet<StepName> {
  const own = orders.flatMap((order) => order.targets.filter((target) => target.center === account.center.code))
  return new Set<StepName>([
    ...given(meeting !== undefined, 'answer'),
    ...given(meeting?.reports.some((report) => report.account === account.id) ?? false, 'report'),
    ...given(own.some((target) => isSigned(target.state)), 'sign'),
    ...given(own.some((target) => isDone(target.state)), 'complete'),
  ])
}

/** What the leader's meeting in the archive shows as done; `reviewed`: an entry was gone to. */
export function seenInArchive(meeting: Snapshot | undefined, reviewed: boolean): ReadonlySet<StepName> {
  return new Set<StepName>([...given(meeting?.state === 'ended', 'end'), ...given(reviewed, 'review')])
}

function given(done: boolean, step: StepName): StepName[] {
  return done ? [step] : []
}
