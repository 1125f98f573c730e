/** Roles that the system administrator makes, and those whose passwords a second person agrees to. */
import type { Role } from '@/protocol/types'

export const ORDINARY: readonly Role[] = ['grid_member', 'grid_leader', 'station', 'clerk', 'dispatcher', 'leader']
export const ALL_ROLES: readonly Role[] = [...ORDINARY, 'system_admin', 'security_admin', 'audit_admin']

/** As `hub/house/approval.py` has it; the hub decides. */
export function needsAgreement(role: Role): boolean {
  return !['station', 'clerk', 'grid_leader', 'grid_member'].includes(role)
}
