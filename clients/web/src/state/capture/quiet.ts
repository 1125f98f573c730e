/** Noise taken out of one's own sound (降噪), here and before it is sent. Loaded only when somebody wants it. */

export interface Quieted {
  /** What it was made of. */
  readonly of: MediaStreamTrack
  readonly track: MediaStreamTrack
  stop: () => void
}

/** `failed`: this browser cannot; the sound goes out as it is. */
export type QuietState = 'off' | 'starting' | 'on' | 'failed'

/** Makes a track without noise of this one. Raises an error where the browser cannot. */
export type Quieten = (track: MediaStreamTrack) => Promise<Quieted>

export const quieten: Quieten = async (track) => (await import('./quietNode')).quietTrack(track)
