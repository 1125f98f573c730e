/** What orders of one's center begin from (指令模板), by the hub's HTTP API. */
import { Api } from './api'
import type { OrderWording, OrderWordings } from './types'

/** Raises Refused for what the hub says no to, Unreachable when it did not answer. */
export async function readWordings(api: Pick<Api, 'call'> = new Api()): Promise<readonly OrderWording[]> {
  return (await api.call<OrderWordings>('GET', '/orders/wordings')).wordings
}
