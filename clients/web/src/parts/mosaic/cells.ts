/** What stands in a cell: a picture, whose, and why there is none. */
import { participantOf, isScreen } from '@/protocol/sources'
import type { ParticipantRef } from '@/protocol/types'

import type { SoundState } from '../soundStates'

export interface MosaicCell {
  readonly source: string | null
  readonly stream: MediaStream | undefined
  /** Code and name of the center; both empty while nobody stands there. */
  readonly center: string
  readonly name: string
  /** Its level and who signed in. */
  readonly more: string
  /** How he is heard and hears, where that is not as usual: words below `sound.state`. */
  readonly sound: readonly SoundState[]
  readonly onAir: boolean
  /** One's own picture, as the camera gives it. */
  readonly own?: boolean
  /** Key of `stage.cell`: why there is no picture; empty while there is one. */
  readonly why: '' | 'empty' | 'noPicture' | 'ownOff' | 'self'
}

export interface CellOf {
  /** Who was put there; null: whoever comes. */
  readonly wanted: string | null
  /** What the hub says stands in the slot. */
  readonly source: string | null
  readonly stream: MediaStream | undefined
  readonly person: ParticipantRef | undefined
  readonly more: string
  readonly sound?: readonly SoundState[]
  readonly broadcast: string | null
  /** Oneself, and one's own picture. */
  readonly me: string
  readonly picture: MediaStream | undefined
  /** Whether he is known to send no picture at all. */
  readonly silent?: boolean
}

/** A cell as it is shown. */
export function cellOf({ wanted, source, stream, person, more, sound = [], broadcast, me, picture, silent }: CellOf): MosaicCell {
  const who = source === null ? wanted : participantOf(source)
  if (who === me) {
    return { source: me, stream: picture, center: person?.center ?? '', name: person?.center_name ?? '', more, sound, onAir: broadcast === me, own: true, why: picture === undefined ? 'ownOff' : '' }
  }
  const plays = source !== null && silent !== true
  return {
    source,
    stream: plays ? stream : undefined,
    center: person?.center ?? '',
    name: person?.center_name ?? '',
    more,
    sound,
    onAir: who !== null && who === broadcast && (source === null || !isScreen(source)),
    why: plays ? '' : who === null ? 'empty' : 'noPicture',
  }
}
