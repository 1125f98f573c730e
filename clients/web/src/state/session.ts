/** Who is signed in on this page, and the API that speaks for them. */
import { inject, type InjectionKey, type Ref, shallowRef } from 'vue'

import { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Account } from '@/protocol/types'

export interface Session {
  readonly api: Api
  readonly account: Readonly<Ref<Account | undefined>>
  /** The account of the session cookie, asked of the hub once; undefined when there is none. */
  resume: () => Promise<Account | undefined>
  /** Raises Refused or Unreachable. */
  signIn: (username: string, password: string) => Promise<Account>
  signOut: () => Promise<void>
}

export const sessionKey: InjectionKey<Session> = Symbol('session')

export function makeSession(api: Api = new Api()): Session {
  const account = shallowRef<Account>()
  return {
    api,
    account,
    async resume() {
      if (account.value !== undefined) return account.value
      try {
        account.value = await api.session()
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        account.value = undefined
      }
      return account.value
    },
    async signIn(username, password) {
      account.value = await api.signIn(username, password)
      return account.value
    },
    async signOut() {
      await api.signOut()
      account.value = undefined
    },
  }
}

/** The session of the running app. */
export function useSession(): Session {
  const session = inject(sessionKey)
  if (session === undefined) throw new Error('no session was provided')
  return session
}
