/** What features have on one's account's page, below what is everybody's. */
import type { Component } from 'vue'

import type { Role } from '@/protocol/types'

import type { AccountPart } from './rooms.contract'

const PARTS = Object.values(import.meta.glob<AccountPart>('./*/account.ts', { eager: true, import: 'default' }))

/** Of this role, from top to bottom. */
export function accountSections(role: Role): readonly Component[] {
  return PARTS.filter((one) => one.roles.includes(role))
    .sort((one, other) => one.place - other.place)
    .map((one) => one.section)
}
