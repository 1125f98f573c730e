/** What a feature may bring to the big screen: lines above and below its pictures. */
import type { Ref } from 'vue'

import type { Account, Layout } from '@/protocol/types'
import type { MeetingRoom } from '@/state/meetingRoom'

import type { Shown } from './contract'

/** What the page of the big screen gives to the features that stand on it: nobody touches it, so there are no keys. */
export interface WallPlace {
  readonly account: Account
  readonly room: MeetingRoom
  /** ms since 1970; stands still while the hub is away. */
  readonly now: Readonly<Ref<number>>
  /** How pictures stand on this screen. */
  readonly shape: Readonly<Ref<WallShape>>
  nameOf: (center: string) => string
}

/** The cells of a screen: who was put there, or null for whoever comes. */
export interface WallShape {
  readonly grid: Layout['grid']
  readonly cells: readonly (string | null)[]
}

/** Lines that stand on a wall; they take of its pictures' share and hide nothing. */
export interface OnWall {
  readonly above?: readonly Shown[]
  readonly below?: readonly Shown[]
}

export interface WallPart {
  /** Called once, in the scope of the page. */
  readonly wall: (place: WallPlace) => OnWall
}
