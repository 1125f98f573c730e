/** Watching a meeting (WHEP): K pictures and M sounds in slots that the hub fills and refills. */
import { preferForWatching } from './codecs'
import { MediaLink, type MediaLinkParts } from './mediaLink'
import type { SlotChoice, SlotsEvent } from './types'

/** More video sections make the connection slow; the hub refuses more than this. */
export const MOST_VIDEO_SLOTS = 16
export const MOST_AUDIO_SLOTS = 4

export interface Slots {
  /** Who is in each video slot; null while it is empty. */
  video: readonly (string | null)[]
  audio: readonly (string | null)[]
}

export type Select = (session: string, video: SlotChoice[]) => Promise<unknown>

/** Watches with a fixed number of slots. Each slot is a MediaStream that lives as long as this object. */
export class Watcher extends MediaLink {
  readonly video: readonly MediaStream[]
  readonly audio: readonly MediaStream[]
  slots: Slots
  onSlots: (slots: Slots) => void = () => undefined
  private wanted: SlotChoice[] | undefined
  private told = ''
  /** The event may overtake the answer that names the session. */
  private early: SlotsEvent | undefined

  constructor(
    meeting: string,
    size: { video: number; audio: number },
    private readonly select: Select,
    parts?: MediaLinkParts,
    makeStream: () => MediaStream = () => new MediaStream(),
  ) {
    super(`/whep/${encodeURIComponent(meeting)}`, parts)
    const count = Math.min(size.video, MOST_VIDEO_SLOTS)
    this.video = Array.from({ length: count }, makeStream)
    this.audio = Array.from({ length: Math.min(size.audio, MOST_AUDIO_SLOTS) }, makeStream)
    this.slots = this.empty()
  }

  /** Say what each video slot should show; kept and said again in every later session. */
  choose(video: readonly SlotChoice[]): void {
    this.wanted = video.slice(0, this.video.length)
    void this.say()
  }

  /** The hub moved sources (`media` `slots`). Events of other sessions are not ours. */
  moved(event: SlotsEvent): void {
    if (event.session === this.session) this.show({ video: event.video, audio: event.audio })
    else this.early = event
  }

  protected override prepare(peer: RTCPeerConnection): void {
    this.told = ''
    this.show(this.empty())
    for (const stream of this.video) {
      const transceiver = peer.addTransceiver('video', { direction: 'recvonly' })
      preferForWatching(transceiver)
      fill(stream, transceiver.receiver.track)
    }
    for (const stream of this.audio) {
      fill(stream, peer.addTransceiver('audio', { direction: 'recvonly' }).receiver.track)
    }
  }

  protected override agreed(): void {
    if (this.early !== undefined) this.moved(this.early)
    void this.say()
  }

  /** Try again what a lost socket kept back. */
  async say(): Promise<void> {
    const { session, wanted } = this
    if (session === undefined || wanted === undefined) return
    const words = session + JSON.stringify(wanted)
    if (words === this.told) return
    this.told = words
    try {
      await this.select(session, wanted)
    } catch {
      // not told: the next choice, session or connection says it again
      if (this.told === words) this.told = ''
    }
  }

  private empty(): Slots {
    return { video: this.video.map(() => null), audio: this.audio.map(() => null) }
  }

  private show(slots: Slots): void {
    this.slots = slots
    this.onSlots(slots)
  }
}

function fill(stream: MediaStream, track: MediaStreamTrack): void {
  for (const old of stream.getTracks()) stream.removeTrack(old)
  stream.addTrack(track)
}
