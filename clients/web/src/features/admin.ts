/** The sections of 管理 that features bring. In everybody's first load, as rooms are. */
import type { Role } from '@/protocol/types'

import type { AdminPart, AdminSection } from './rooms.contract'

const PARTS = Object.values(import.meta.glob<AdminPart>('./*/admin.ts', { eager: true, import: 'default' }))
const DUTY: Readonly<Partial<Record<Role, AdminSection['duty']>>> = { system_admin: 'system', security_admin: 'security', audit_admin: 'audit' }

/** What somebody of this role has to do there; each administrator his own alone. */
export function sectionsOf(role: Role): readonly AdminSection[] {
  const duty = DUTY[role]
  return PARTS.flatMap((part) => part.sections).filter((one) => one.duty === duty).sort((a, b) => a.place - b.place)
}
