/** Where somebody could come to a secret meeting, as the HTTP API gives it. Raises Refused or Unreachable. */
import type { Api } from './api'
import type { Clearance } from './types'

/** Codes of the centers below one's own at which somebody is cleared. */
export const readClearance = (api: Pick<Api, 'call'>): Promise<Clearance> => api.call('GET', '/clearance')
