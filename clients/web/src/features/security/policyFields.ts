/** Every policy that the page edits, one by one: where it stands, what it may be. The hub holds the same ranges. */
import type { Role } from '@/protocol/types'

export const ROLES: readonly Role[] = ['leader', 'dispatcher', 'station', 'clerk', 'system_admin', 'security_admin', 'audit_admin', 'grid_leader', 'grid_member']

export type Group = 'password' | 'slowing' | 'second_factor' | 'sessions' | 'lock' | 'approval'
export type Unit = 'characters' | 'kinds' | 'passwords' | 'days' | 'times' | 'seconds' | 'hours' | 'minutes' | 'signIns'

interface Of {
  /** Path in the policy, `password.shortest`; with a role in it where it is one role's. */
  readonly path: string
  readonly group: Group
  /** Message key of its words below `security.policies.fields`. */
  readonly word: string
  /** Whose it is. */
  readonly role?: Role
}
export interface NumberField extends Of {
  readonly kind: 'number'
  readonly least: number
  readonly most: number
  readonly unit: Unit
  /** Zero is no number but a word: never, any. */
  readonly zero?: 'never' | 'any' | 'none'
}
export interface OtherField extends Of {
  readonly kind: 'tick' | 'account'
}
export type Field = NumberField | OtherField

export const FIELDS: readonly Field[] = [
  { path: 'password.shortest', group: 'password', word: 'shortest', kind: 'number', least: 8, most: 64, unit: 'characters' },
  { path: 'password.classes', group: 'password', word: 'classes', kind: 'number', least: 1, most: 4, unit: 'kinds' },
  { path: 'password.common', group: 'password', word: 'common', kind: 'tick' },
  { path: 'password.history', group: 'password', word: 'history', kind: 'number', least: 0, most: 12, unit: 'passwords', zero: 'none' },
  { path: 'password.days', group: 'password', word: 'days', kind: 'number', least: 0, most: 3650, unit: 'days', zero: 'never' },
  { path: 'slowing.place', group: 'slowing', word: 'place', kind: 'number', least: 1, most: 100, unit: 'times' },
  { path: 'slowing.name', group: 'slowing', word: 'name', kind: 'number', least: 3, most: 1000, unit: 'times' },
  { path: 'slowing.address', group: 'slowing', word: 'address', kind: 'number', least: 5, most: 10000, unit: 'times' },
  { path: 'slowing.forgive_s', group: 'slowing', word: 'forgive', kind: 'number', least: 10, most: 86400, unit: 'seconds' },
  { path: 'slowing.longest_s', group: 'slowing', word: 'longest', kind: 'number', least: 10, most: 3600, unit: 'seconds' },
  ...ROLES.map((role): Field => ({ path: `second_factor.${role}`, group: 'second_factor', word: 'factor', kind: 'tick', role })),
  ...ROLES.flatMap((role): Field[] => [
    { path: `sessions.${role}.hours`, group: 'sessions', word: 'hours', kind: 'number', least: 0, most: 8760, unit: 'hours', zero: 'never', role },
    { path: `sessions.${role}.idle_minutes`, group: 'sessions', word: 'idle', kind: 'number', least: 0, most: 1440, unit: 'minutes', zero: 'never', role },
  ]),
  { path: 'most_sessions', group: 'sessions', word: 'most', kind: 'number', least: 0, most: 100, unit: 'signIns', zero: 'any' },
  { path: 'lock.minutes', group: 'lock', word: 'minutes', kind: 'number', least: 0, most: 240, unit: 'minutes', zero: 'never' },
  { path: 'lock.sound', group: 'lock', word: 'sound', kind: 'tick' },
  { path: 'approval.rights', group: 'approval', word: 'rights', kind: 'tick' },
  { path: 'approval.approver', group: 'approval', word: 'approver', kind: 'account' },
]

export const isNumber = (field: Field): field is NumberField => field.kind === 'number'
