/** What of the administrators' work is done by commands on the host alone: the rest has pages in 管理. */
import type { Role } from '@/protocol/types'

export interface Duty {
  /** Key of `account.duty`. */
  readonly id: string
  readonly command: string
}

const DUTIES: Partial<Record<Role, readonly Duty[]>> = {
  system_admin: [
    { id: 'health', command: 'hub health' },
  ],
  security_admin: [
    { id: 'password', command: 'hub accounts password NAME' },
  ],
  audit_admin: [
    { id: 'verify', command: 'hub journal verify' },
    { id: 'export', command: 'hub journal export' },
  ],
}

export function dutiesOf(role: Role): readonly Duty[] {
  return DUTIES[role] ?? []
}
