/** What this account may do about an incident as it stands, as the hub's rules have it; the hub decides. Pure. */
import type { Account, Incident, NamedCenter } from '@/protocol/types'

import { isDoing } from './says'

export type Step = 'acknowledge' | 'study' | 'route' | 'note' | 'complete' | 'close' | 'return' | 'reopen' | 'join' | 'separate' | 'change'

/** Whether a center is one's own or below it. */
export type Within = (center: NamedCenter) => boolean

/** In the order in which their keys stand. */
export function stepsFor(incident: Incident, account: Pick<Account, 'role' | 'center'>, within: Within): readonly Step[] {
  const desk = account.role === 'leader' || account.role === 'dispatcher'
  const own = incident.responsible.center === account.center.code && (desk || account.role === 'station')
  const [leads, checks, intake] = desk ? [within(incident.responsible), within(incident.checker), within(incident.taken_by)] : [false, false, false]
  const { state } = incident
  const doing = isDoing(incident)
  const open = doing || state === 'completed'
  const can: Readonly<Record<Step, boolean>> = {
    acknowledge: own && state === 'routed',
    study: open && (leads || checks),
    route: doing && (leads || own),
    note: own && doing && state !== 'routed',
    complete: own && doing && state !== 'routed',
    close: state === 'completed' && checks,
    return: state === 'completed' && checks,
    reopen: state === 'closed' && (intake || leads),
    join: open && (leads || intake),
    separate: state === 'joined' && (leads || intake),
    change: open && (intake || checks || leads),
  }
  return (Object.keys(can) as Step[]).filter((step) => can[step])
}
