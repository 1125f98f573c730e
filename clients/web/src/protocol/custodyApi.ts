/** Retention, holds and disposal lists, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { CustodyAnswer, DisposalAsk, DisposalPage, DisposalWasAsked, DisposalWhole, DryRunAnswer, HoldList, KeptKind, RetentionNow } from './types'

export type Caller = Pick<Api, 'call'>

/** In the order in which they are shown. */
export const KINDS: readonly KeptKind[] = ['recordings', 'films', 'clips', 'packs', 'minutes', 'speech']

export const readRetention = (api: Caller): Promise<RetentionNow> => api.call('GET', '/retention')

/** What would go at this moment; without kinds all of them. */
export const dryRun = (api: Caller, query: { on?: string; kinds?: string; after?: number; limit?: number }): Promise<DryRunAnswer> => api.call('GET', withQuery('/retention/dry-run', query))

export const askDisposal = (api: Caller, asked: DisposalAsk): Promise<DisposalWasAsked> => api.call('POST', '/disposals', asked)

/** Lists, the newest first. */
export const readDisposals = (api: Caller, query: { before?: number; limit?: number } = {}): Promise<DisposalPage> => api.call('GET', withQuery('/disposals', query))

export const readDisposal = (api: Caller, disposal: string, after = 0): Promise<DisposalWhole> => api.call('GET', withQuery(`/disposals/${encodeURIComponent(disposal)}`, { after }))

export const readHolds = (api: Caller): Promise<HoldList> => api.call('GET', '/holds')

export const readCustody = (api: Caller, meeting: string): Promise<CustodyAnswer> => api.call('GET', `/meetings/${encodeURIComponent(meeting)}/custody`)
