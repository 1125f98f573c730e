/** What the administrators' roles are for, as commands on the host: there is no page for it yet. */
import type { Role } from '@/protocol/types'

export interface Duty {
  /** Key of `account.duty`. */
  readonly id: string
  readonly command: string
}

const DUTIES: Partial<Record<Role, readonly Duty[]>> = {
  system_admin: [
    { id: 'centers', command: 'hub centers import FILE.csv' },
    { id: 'health', command: 'hub health' },
  ],
  security_admin: [
    { id: 'list', command: 'hub accounts list' },
    { id: 'add', command: 'hub accounts add --username NAME --name 姓名 --role ROLE --center CODE' },
    { id: 'password', command: 'hub accounts password NAME' },
    { id: 'disable', command: 'hub accounts disable NAME' },
    { id: 'enable', command: 'hub accounts enable NAME' },
  ],
  audit_admin: [
    { id: 'verify', command: 'hub journal verify' },
    { id: 'export', command: 'hub journal export' },
  ],
}

export function dutiesOf(role: Role): readonly Duty[] {
  return DUTIES[role] ?? []
}
