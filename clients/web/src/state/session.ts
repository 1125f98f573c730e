/** Who is signed in on this page, and the API that speaks for them. */
import { inject, type InjectionKey, type Ref, shallowRef } from 'vue'

import { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import { SecurityApi } from '@/protocol/securityApi'
import type { Account, LastSignIn, Need, OwnAccount } from '@/protocol/types'

import { sessionBegins, sessionLeft, whenSessionEnds } from './sessionEnd'

export interface Session {
  readonly api: Api
  readonly account: Readonly<Ref<Account | undefined>>
  /** The account's sign-in before the present one; null when there was none. */
  readonly lastSignIn: Readonly<Ref<LastSignIn | null>>
  /** The same, from signing in on this page until it was `noticed`. */
  readonly notice: Readonly<Ref<LastSignIn | null>>
  noticed: () => void
  /** The account of the session cookie, asked of the hub once; undefined when there is none. */
  resume: () => Promise<Account | undefined>
  /** What has to be done before anything else, by whom is signed in for that alone; null: nothing. */
  readonly needs: Readonly<Ref<Need | null>>
  /** When somebody else gave the present password; null: its owner chose it. */
  readonly passwordGiven: Readonly<Ref<string | null>>
  /** Raises Refused or Unreachable. */
  signIn: (username: string, password: string) => Promise<SignInStep>
  /** The code after the password. Raises Refused or Unreachable. */
  secondStep: (challenge: string, code: string) => Promise<SignInStep>
  signOut: () => Promise<void>
  /** Raises Refused or Unreachable. All other sessions of the account end. */
  changePassword: (old: string, fresh: string) => Promise<void>
}

/** Signed in; or a code is asked for; or something has to be done before anything else. */
export type SignInStep = { readonly account: Account } | { readonly challenge: string } | { readonly needs: Need }

export const sessionKey: InjectionKey<Session> = Symbol('session')

export function makeSession(api: Api = new Api()): Session {
  const account = shallowRef<Account>()
  const lastSignIn = shallowRef<LastSignIn | null>(null)
  const notice = shallowRef<LastSignIn | null>(null)

  const needs = shallowRef<Need | null>(null)
  const passwordGiven = shallowRef<string | null>(null)
  const security = new SecurityApi(api)

  /** Undefined for who has to do something first: he is no more in than who is not signed in. */
  function learn(own: OwnAccount): Account | undefined {
    lastSignIn.value = own.last_sign_in
    // an older hub asks for nothing
    needs.value = (own as Partial<OwnAccount>).needs ?? null
    passwordGiven.value = own.password_given_at ?? null
    if (needs.value !== null) return undefined
    account.value = own.account
    sessionBegins()
    return own.account
  }
  function step(own: OwnAccount): SignInStep {
    const signedIn = learn(own)
    if (signedIn === undefined) return { needs: needs.value ?? 'password' }
    notice.value = lastSignIn.value
    return { account: signedIn }
  }
  async function resume(): Promise<Account | undefined> {
    if (account.value !== undefined) return account.value
    try {
      learn(await api.session())
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      account.value = undefined
    }
    return account.value
  }

  whenSessionEnds(() => (account.value = undefined))
  return {
    api,
    account,
    lastSignIn,
    notice,
    noticed: () => {
      notice.value = null
    },
    needs,
    passwordGiven,
    resume,
    async signIn(username, password) {
      const answer = await security.signIn(username, password)
      return 'second_factor' in answer ? { challenge: answer.second_factor.challenge } : step(answer)
    },
    async secondStep(challenge, code) {
      return step(await security.secondStep(challenge, code))
    },
    async signOut() {
      sessionLeft()
      try {
        await api.signOut()
      } catch (error) {
        // a session that is over already is left, too
        if (!(error instanceof Refused && error.code === 'unauthenticated')) {
          sessionBegins()
          throw error
        }
      }
      account.value = undefined
      needs.value = null
      notice.value = null
    },
    async changePassword(old, fresh) {
      await api.changePassword(old, fresh)
    },
  }
}

/** The session of the running app. */
export function useSession(): Session {
  const session = inject(sessionKey)
  if (session === undefined) throw new Error('no session was provided')
  return session
}
