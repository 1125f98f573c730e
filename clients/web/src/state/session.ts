/** Who is signed in on this page, and the API that speaks for them. */
import { inject, type InjectionKey, type Ref, shallowRef } from 'vue'

import { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Account, LastSignIn, OwnAccount } from '@/protocol/types'

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
  /** Raises Refused or Unreachable. */
  signIn: (username: string, password: string) => Promise<Account>
  signOut: () => Promise<void>
  /** Raises Refused or Unreachable. All other sessions of the account end. */
  changePassword: (old: string, fresh: string) => Promise<void>
}

export const sessionKey: InjectionKey<Session> = Symbol('session')

export function makeSession(api: Api = new Api()): Session {
  const account = shallowRef<Account>()
  const lastSignIn = shallowRef<LastSignIn | null>(null)
  const notice = shallowRef<LastSignIn | null>(null)

  function learn(own: OwnAccount): Account {
    lastSignIn.value = own.last_sign_in
    account.value = own.account
    sessionBegins()
    return own.account
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
    async resume() {
      if (account.value !== undefined) return account.value
      try {
        learn(await api.session())
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        account.value = undefined
      }
      return account.value
    },
    async signIn(username, password) {
      const signedIn = learn(await api.signIn(username, password))
      notice.value = lastSignIn.value
      return signedIn
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
