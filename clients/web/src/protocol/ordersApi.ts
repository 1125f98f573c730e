/** Orders in lines, and one of them whole, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { Order, OrderLedger, Priority } from './types'

export const LEDGER_STATES = ['open', 'unsigned', 'doing', 'late', 'check', 'asked', 'ended', 'all'] as const
export type LedgerState = (typeof LEDGER_STATES)[number]
export const LEDGER_SIDES = ['issued', 'received', 'below'] as const
export type LedgerSide = (typeof LEDGER_SIDES)[number]

export interface LedgerQuery {
  state?: LedgerState
  side?: LedgerSide
  center?: string
  priority?: Priority
  supervised?: 'true'
  /** That follow from this report, alarm, incident or decision. */
  about?: string
  q?: string
  before?: string
  limit?: number
}

/** A page, what is due first; `next` is the `before` of the following one. */
export async function readLedger(api: Pick<Api, 'call'>, query: LedgerQuery = {}): Promise<OrderLedger> {
  return api.call('GET', withQuery('/orders/ledger', { ...query }))
}

/** Undefined where there is none, or none for one to see. */
export async function readOrder(api: Pick<Api, 'call'>, id: string): Promise<Order | undefined> {
  return (await api.call<{ orders: Order[] }>('GET', withQuery('/orders', { id }))).orders[0]
}
