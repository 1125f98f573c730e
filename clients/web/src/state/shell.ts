/** What the frame around all rooms has, for whatever stands in it: one connection, one selection, one meeting, one way to go. */
import { inject, type InjectionKey, type Ref } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

import type { Account, Center, NamedObject, Role, Summary } from '@/protocol/types'

import type { Live } from './live'
import type { MeetingRoom } from './meetingRoom'

/** Who everything is about: a center, and of its people one where one is meant. */
export interface Selected {
  readonly code: string
  readonly name: string
  /** Account id and name. */
  readonly person?: { readonly id: string; readonly name: string }
}

/** The five verbs, in the order in which they stand everywhere: look at, call, broadcast, order, remove. */
export const VERBS = ['look', 'call', 'broadcast', 'order', 'remove'] as const
export type Verb = (typeof VERBS)[number]

/** Something that an order or a call is begun from. */
export interface Occasion {
  /** Centers that are meant. */
  readonly centers: readonly { readonly code: string; readonly name: string }[]
  /** The title of the meeting, or the words of the order, to begin with. */
  readonly text?: string
  /** The report, alarm or incident that it follows from. */
  readonly about?: { readonly what: 'report' | 'alarm' | 'incident' | 'decision'; readonly id: string }
  /** The order to one's own center that is passed down by it; by when that has to be done (ISO 8601). */
  readonly parent?: { readonly id: string; readonly number: string; readonly due: string | null }
  /** The same in words, as it stands above the order. */
  readonly quote?: string
  /** What goes with it: a picture that it follows from. */
  readonly attachments?: readonly NamedObject[]
}

/** Cameras that are looked at over whatever room one is in: those of a center, one of them first where it is meant. */
export interface CameraPlace {
  readonly code: string
  readonly name: string
  readonly camera?: string
}

export interface Shell {
  readonly account: Account
  readonly role: Role
  readonly live: Live
  /** ms since 1970; stands still while the hub is away. */
  readonly now: Readonly<Ref<number>>
  /** As of when all is known, while the hub is away. */
  readonly asOf: Readonly<Ref<number | undefined>>
  /** The meeting one is in, in whatever room one walks; undefined outside of meetings. */
  readonly meeting: Readonly<Ref<MeetingRoom | undefined>>
  /** The meetings that run, as far as one may see them. */
  readonly meetings: Readonly<Ref<readonly Summary[]>>
  /** The one selection of the app. */
  readonly selected: Readonly<Ref<Selected | null>>
  select: (whom: Selected | null) => void
  /** One's own center and all below it, parents first; empty until they are known. */
  readonly centers: Readonly<Ref<readonly Center[]>>
  /** Sets of centers below one's own, by name: codes. */
  readonly presets: Readonly<Ref<Readonly<Partial<Record<'counties' | 'townships' | 'online', readonly string[]>>>>>
  /** Name of a center by its code; the code where it is not known (yet). */
  nameOf: (code: string) => string
  /** Names from below one's own center down to it: `临湘市 › 羊楼司镇 › 坦渡村`. */
  placeOf: (code: string) => string
  /** Whether a verb can be done to this center now. */
  can: (verb: Verb, whom: Selected) => boolean
  /** Do it: goes to 指挥 where it has to. */
  act: (verb: Verb, whom: Selected) => void
  /** To 指挥, with these centers chosen and this title: a person presses the key that calls. */
  convene: (occasion: Occasion) => void
  /** Begin an order: in the meeting's panel while one runs, else over the room one is in. */
  order: (occasion: Occasion) => void
  /** The order that is begun over a room; null when none is. */
  readonly ordering: Readonly<Ref<Occasion | null>>
  ordered: () => void
  /** Look at the cameras of a center before anybody is called; null: enough seen. */
  lookAt: (place: CameraPlace | null) => void
  readonly lookingAt: Readonly<Ref<CameraPlace | null>>
  /** Enter a meeting that runs. */
  enter: (meeting: string) => void
  go: (to: RouteLocationRaw) => void
}

export const shellKey: InjectionKey<Shell> = Symbol('shell')

/** The frame that one stands in. */
export function useShell(): Shell {
  const shell = inject(shellKey)
  if (shell === undefined) throw new Error('no frame was provided')
  return shell
}
