/** Calls about how centers answer. */
import type { Api } from './api'
import type { AnsweringSettings } from './types'

/** Where something was said, of centers for which one may change it. Raises Refused or Unreachable. */
export async function readAnswering(api: Pick<Api, 'call'>): Promise<AnsweringSettings> {
  return api.call('GET', '/answering')
}
