/** What is wrong with the picture of a camera that was brought into a meeting, for this browser, from what the hub tells. Pure. */
import type { BroughtEvent } from '@/protocol/types'

/** `away`: it is dialled again, and what stands there is old; `dark`: there is no picture, and `why`. Words: `camerasHere.picture`, `.why`. */
export interface CameraTrouble {
  readonly word: 'away' | 'dark'
  readonly why: 'away' | 'refused' | 'quota' | 'transcode_failed' | 'unplayable'
}

/** `plays`: this browser takes what cameras send (H.264). Nothing while it comes, or is on its way. */
export function troubleOf(told: BroughtEvent | undefined, plays: boolean): CameraTrouble | undefined {
  const picture = plays ? told?.picture : told?.without_h264
  switch (picture?.state) {
    case 'reconnecting':
      return { word: 'away', why: 'away' }
    case 'refused':
      return { word: 'dark', why: 'refused' }
    case 'unplayable':
      return { word: 'dark', why: picture.reason === 'quota' || picture.reason === 'transcode_failed' ? picture.reason : 'unplayable' }
    default:
      return undefined
  }
}
