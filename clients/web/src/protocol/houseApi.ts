/** Calls about the house: accounts and one-time passwords, lists that are brought and taken away, what is in use. */
import { type Api, withQuery } from './api'
import { Unreachable } from './refusal'
import type { AccountsPreview, Answer, CenterUse, CentersApplied, CentersPreview, HouseAccount, HouseAccounts, HouseSessions, OneTimePasswords, Role, Stations, StationState } from './types'

export interface AccountsQuery {
  q?: string
  role?: Role | ''
  center?: string
  disabled?: 'yes' | 'no' | ''
  /** What waits for a second person; passwords that one may give since somebody agreed. */
  request?: 'waits' | 'granted' | ''
  after?: string
  limit?: number
}

export interface SessionsQuery {
  q?: string
  role?: Role | ''
  center?: string
  account?: string
  after?: string
  limit?: number
}

export interface StationsQuery {
  within?: string
  state?: StationState | ''
  after?: string
  limit?: number
}

export type SheetKind = 'csv' | 'xlsx'

/** Where a list is fetched as a file. */
export function exportPath(what: 'centers' | 'accounts', query: { format: SheetKind; within?: string } & AccountsQuery): string {
  return withQuery(`/api/v1/${what}/export`, { ...query })
}

/** The accounts that `account.create` has made, as its answer tells of them. Entries of the house come to no page otherwise. */
export function madeBy(answer: Answer): readonly { account: string; role: Role }[] {
  const told = answer.entries as unknown as readonly { data: { accounts?: { account: string; role: Role }[] } }[]
  return told.flatMap((entry) => entry.data.accounts ?? [])
}

/** Each raises Refused or Unreachable. */
export class HouseApi {
  constructor(private readonly api: Pick<Api, 'call'>) {}

  async accounts(query: AccountsQuery): Promise<HouseAccounts> {
    return this.api.call('GET', withQuery('/accounts', { ...query }))
  }

  async account(id: string): Promise<HouseAccount> {
    return this.api.call('GET', `/accounts/${encodeURIComponent(id)}`)
  }

  /** Takes the present passwords away; the answer is the only place where the new ones stand. */
  async giveOneTime(accounts: readonly string[]): Promise<OneTimePasswords> {
    return this.api.call('POST', '/accounts/one-time', { accounts })
  }

  /** What taking a center away would touch. */
  async use(center: string): Promise<CenterUse> {
    return this.api.call('GET', `/centers/${center}/use`)
  }

  /** What a list would change. */
  async lookAtCenters(file: Blob, within: string): Promise<CentersPreview> {
    return this.api.call('POST', withQuery('/centers/import', { within }), file)
  }

  /** `expects`: the mark of what was looked at; of another directory nothing is done. */
  async takeCenters(file: Blob, within: string, expects: string, missing: 'keep' | 'remove'): Promise<CentersApplied> {
    return this.api.call('POST', withQuery('/centers/import', { within, expects, missing }), file)
  }

  /** The list as it is now, to be brought back. */
  async centersFile(within: string): Promise<Blob> {
    let response: Response
    try {
      response = await fetch(exportPath('centers', { format: 'csv', within }), { credentials: 'same-origin' })
    } catch (cause) {
      throw new Unreachable('the list was not read', { cause })
    }
    if (!response.ok) throw new Unreachable(`the list was not read: ${String(response.status)}`)
    return response.blob()
  }

  /** Which accounts a list would bring. */
  async lookAtAccounts(file: Blob): Promise<AccountsPreview> {
    return this.api.call('POST', '/accounts/import', file)
  }

  async sessions(query: SessionsQuery): Promise<HouseSessions> {
    return this.api.call('GET', withQuery('/accounts/sessions', { ...query }))
  }

  async stations(query: StationsQuery): Promise<Stations> {
    return this.api.call('GET', withQuery('/stations', { ...query }))
  }
}
