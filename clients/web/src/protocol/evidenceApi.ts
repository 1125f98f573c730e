/** Calls about evidence: what a bundle would be, bundles made, sessions checked. Each raises Refused or Unreachable. */
import type { Api } from './api'
import type { EvidenceAsked, EvidenceOffer, EvidenceWork } from './types'

export type Caller = Pick<Api, 'call'>

/** Where the program is that verifies bundles. */
export const VERIFIER = '/api/v1/verifier'

const at = (meeting: string): string => `/meetings/${encodeURIComponent(meeting)}/evidence`

export const bundlePath = (work: string): string => `/api/v1/evidence/${encodeURIComponent(work)}/file`

export const readOffer = (api: Caller, meeting: string): Promise<EvidenceOffer> => api.call('GET', at(meeting))

export const askEvidence = (api: Caller, meeting: string, asked: EvidenceAsked): Promise<EvidenceWork> => api.call('POST', at(meeting), asked)

export const readWork = (api: Caller, work: string): Promise<EvidenceWork> => api.call('GET', `/evidence/${encodeURIComponent(work)}`)

export async function endWork(api: Caller, work: string): Promise<void> {
  await api.call('DELETE', `/evidence/${encodeURIComponent(work)}`)
}
