/** What a feature may bring to the console with or without a meeting; see `contract.ts`. */
import type { Ref } from 'vue'

import type { Actions } from '@/parts/actions'
import type { Account, Snapshot } from '@/protocol/types'
import type { Live } from '@/state/live'

import type { Centers, Shown } from './contract'

/** The console with or without a meeting. */
export interface ConsolePlace {
  readonly account: Account
  readonly live: Live
  readonly meeting: Readonly<Ref<Snapshot | undefined>>
  readonly inMeeting: Readonly<Ref<boolean>>
}

/** Before a meeting: who is chosen to be called. */
export interface LobbyPlace {
  readonly account: Account
  readonly live: Live
  readonly actions: Actions
  readonly chosen: Readonly<Ref<Centers>>
}

/** What is there before a meeting is entered: it comes with the page, so it is to be small. */
export interface LobbyPart {
  /** Beside choosing centers. */
  readonly lobby?: (place: LobbyPlace) => Shown
  /** A strip under the head of the page. */
  readonly strip?: (place: ConsolePlace) => Shown
}
