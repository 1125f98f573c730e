/** The policies as the page edits them: flat, by the paths of `policyFields`; every role has its fields, whether the hub names it or not. */
import { ref, type Ref } from 'vue'

import type { CommandData, Policy, Role, SessionPolicy } from '@/protocol/types'

import { type Field, FIELDS, isNumber, ROLES } from './policyFields'

/** '' stands for a number that is not typed yet, and for no account. */
export type Value = number | boolean | string
export type Values = Readonly<Record<string, Value>>

export function valuesOf(policy: Policy): Values {
  const found: Record<string, Value> = { most_sessions: policy.most_sessions ?? 0 }
  const groups = { password: policy.password, slowing: policy.slowing, lock: policy.lock, approval: policy.approval }
  for (const [group, fields] of Object.entries(groups)) {
    for (const [name, value] of Object.entries(fields ?? {})) found[`${group}.${name}`] = (value as Value | null) ?? ''
  }
  for (const role of ROLES) {
    const terms = policy.sessions?.find((one) => one.role === role)
    found[`second_factor.${role}`] = policy.second_factor?.includes(role) ?? false
    found[`sessions.${role}.hours`] = terms?.hours ?? 0
    found[`sessions.${role}.idle_minutes`] = terms?.idle_minutes ?? 0
  }
  found['approval.approver'] ??= ''
  return found
}

export interface Change {
  readonly field: Field
  readonly was: Value
  readonly now: Value
}

/** What differs, in the order of the page. */
export function changesOf(now: Values, edits: Values): Change[] {
  return FIELDS.flatMap((field) => {
    const was = now[field.path] ?? ''
    const wanted = edits[field.path] ?? was
    return wanted === was ? [] : [{ field, was, now: wanted }]
  })
}

/** Whether a field may be this. */
export function fits(field: Field, value: Value): boolean {
  return !isNumber(field) || (typeof value === 'number' && Number.isInteger(value) && value >= field.least && value <= field.most)
}

/** What is sent: the groups in which something changes. */
export function toSave(now: Values, edits: Values): CommandData['policy.change'] {
  const all: Values = { ...now, ...edits }
  const touched = new Set(changesOf(now, edits).map(({ field }) => field.path.split('.')[0]))
  const group = (name: string): Record<string, Value> =>
    Object.fromEntries(FIELDS.filter((one) => one.path.startsWith(`${name}.`)).map((one) => [one.path.slice(name.length + 1), all[one.path] ?? '']))
  const sent: { -readonly [K in keyof CommandData['policy.change']]: unknown } = {}
  for (const name of ['password', 'slowing', 'lock'] as const) if (touched.has(name)) sent[name] = group(name)
  if (touched.has('approval')) sent.approval = { ...group('approval'), approver: all['approval.approver'] === '' ? null : all['approval.approver'] }
  if (touched.has('second_factor')) sent.second_factor = ROLES.filter((role) => all[`second_factor.${role}`] === true)
  if (touched.has('sessions')) sent.sessions = ROLES.map((role) => terms(role, all)).filter((one) => one.hours !== 0 || one.idle_minutes !== 0)
  if (touched.has('most_sessions')) sent.most_sessions = all['most_sessions']
  return sent as CommandData['policy.change']
}

function terms(role: Role, all: Values): SessionPolicy {
  return { role, hours: Number(all[`sessions.${role}.hours`]), idle_minutes: Number(all[`sessions.${role}.idle_minutes`]) }
}

const drafts = new Map<string, Ref<Record<string, Value>>>()

/** What an account has typed into the page and not saved, until the page is loaded anew. */
export function draftOf(account: string): Ref<Record<string, Value>> {
  const found = drafts.get(account) ?? ref<Record<string, Value>>({})
  drafts.set(account, found)
  return found
}
