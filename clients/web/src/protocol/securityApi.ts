/** Calls about ways in: second step and second factor, sign-ins, policies, rights that wait, the first start. */
import type { Api } from './api'
import { newCommandId } from './ids'
import type {
  Answer,
  CommandData,
  CommandKind,
  FactorBegun,
  FactorState,
  FirstStart,
  FirstStartState,
  GuardedAccounts,
  OwnAccount,
  Policies,
  RecoveryCodes,
  Rights,
  RoleFactors,
  SecondFactorWanted,
  Session,
  SignedIn,
} from './types'

export type GuardedRole = 'administrators' | OwnAccount['account']['role']

/** Has to wait to sign in, has no second factor, is disabled, waits for approval. */
export type GuardedState = 'slowed' | 'no_factor' | 'disabled' | 'waits'

/** Each raises Refused or Unreachable. */
export class SecurityApi {
  constructor(private readonly api: Pick<Api, 'call'>) {}

  /** Signed in, or asked for a code. */
  async signIn(username: string, password: string): Promise<SignedIn | SecondFactorWanted> {
    return this.api.call('POST', '/session', { username, password })
  }

  async secondStep(challenge: string, code: string): Promise<SignedIn> {
    return this.api.call('POST', '/session/second', { challenge, code })
  }

  async factor(): Promise<FactorState> {
    return this.api.call('GET', '/session/second-factor')
  }

  async beginFactor(password: string, code: string | null): Promise<FactorBegun> {
    return this.api.call('POST', '/session/second-factor', { password, code })
  }

  async confirmFactor(code: string): Promise<RecoveryCodes> {
    return this.api.call('PUT', '/session/second-factor', { code })
  }

  async newCodes(code: string): Promise<RecoveryCodes> {
    return this.api.call('POST', '/session/recovery-codes', { code })
  }

  async unlock(password: string): Promise<void> {
    await this.api.call<undefined>('POST', '/session/unlock', { password })
  }

  /** A person is there. */
  async active(): Promise<void> {
    await this.api.call<undefined>('PUT', '/session/active')
  }

  /** Sign-ins of one's own, or of this account. */
  async sessions(account?: string): Promise<Session[]> {
    const path = account === undefined ? '/sessions' : `/sessions?account=${encodeURIComponent(account)}`
    return (await this.api.call<{ sessions: Session[] }>('GET', path)).sessions
  }

  async policies(): Promise<Policies> {
    return this.api.call('GET', '/policy')
  }

  async rights(): Promise<Rights> {
    return this.api.call('GET', '/rights')
  }

  /** Second factors by role. */
  async factors(): Promise<RoleFactors[]> {
    return (await this.api.call<{ roles: RoleFactors[] }>('GET', '/accounts/factors')).roles
  }

  async guarded(query: { q?: string; role?: GuardedRole; state?: GuardedState; after?: string; limit?: number }): Promise<GuardedAccounts> {
    const words = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') words.set(name, String(value))
    }
    const text = words.toString()
    return this.api.call('GET', `/accounts/guarded${text === '' ? '' : `?${text}`}`)
  }

  async firstStart(): Promise<FirstStartState> {
    return this.api.call('GET', '/setup')
  }

  async setUp(wanted: FirstStart): Promise<void> {
    await this.api.call<undefined>('POST', '/setup', wanted)
  }

  /** A command by HTTP, for pages that may have no socket. */
  async command<K extends CommandKind>(kind: K, data: CommandData[K]): Promise<Answer> {
    return this.api.call('POST', '/commands', { id: newCommandId(), kind, data })
  }
}
