/** Which way a meeting's level may go, for its pages: what is not named here the hub would refuse. Pure. */
import type { Account, Snapshot } from '@/protocol/types'

/** Raised by who leads or opened it and, for their own center, by dispatchers and clerks; lowered by leaders. */
export function levelKey(account: Account, meeting: Pick<Snapshot, 'level' | 'chair' | 'convener'> | undefined): 'raise' | 'lower' | undefined {
  if (meeting === undefined || account.cleared !== true) return undefined
  const own = meeting.convener.center === account.center.code
  if (meeting.level === 'secret') return account.role === 'leader' ? 'lower' : undefined
  const leads = account.id === meeting.chair.id || account.id === meeting.convener.id
  const keeps = account.role === 'leader' || (own && (account.role === 'dispatcher' || account.role === 'clerk'))
  return leads || keeps ? 'raise' : undefined
}
