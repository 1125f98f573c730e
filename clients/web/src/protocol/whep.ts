/** Watching a meeting (WHEP): K pictures and M sounds in slots that the hub fills and refills. */
import { preferForWatching } from './codecs'
import { MediaLink, type MediaLinkParts } from './mediaLink'
import type { Pictures, Quality, SlotChoice, SlotsEvent, TilesEvent } from './types'

/** More video sections make the connection slow; the hub refuses more than this. */
export const MOST_VIDEO_SLOTS = 26
export const MOST_AUDIO_SLOTS = 4

export interface Slots {
  /** Who is in each video slot; null while it is empty. */
  video: readonly (string | null)[]
  audio: readonly (string | null)[]
}

/** Width and height of an element in device pixels, 0 by 0 where nothing shows the slot; null: not known yet. */
export type TileSize = readonly [number, number] | null

export interface Selection {
  session: string
  video: SlotChoice[]
  tiles: (number[] | null)[]
}
export type Select = (selection: Selection) => Promise<unknown>

/** Sizes are told in steps of this many px: a scroll bar that comes or goes is no news. */
const STEP_PX = 16
/** So long a size has to stand before it is told: somebody may be dragging the edge of the window. */
const SETTLE_MS = 150

/** Watches with a fixed number of slots. Each slot is a MediaStream that lives as long as this object. */
export class Watcher extends MediaLink {
  readonly video: readonly MediaStream[]
  readonly audio: readonly MediaStream[]
  slots: Slots
  onSlots: (slots: Slots) => void = () => undefined
  /** How well each slot's picture gets through; null: nothing plays. */
  onTiles: (tiles: readonly (Quality | null)[]) => void = () => undefined
  private wanted: SlotChoice[] | undefined
  private sizes: TileSize[]
  private settling: ReturnType<typeof setTimeout> | undefined
  private told = ''
  /** The event may overtake the answer that names the session. */
  private early: SlotsEvent | undefined
  private earlyTiles: TilesEvent | undefined
  private receivers: RTCRtpReceiver[] = []
  private held: number | null = null
  private pictures: Pictures = 'all'
  /** As last told. */
  private judgedTiles: readonly (Quality | null)[] = []

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
    this.sizes = this.video.map(() => null)
  }

  /** Say what each video slot should show; kept and said again in every later session. */
  choose(video: readonly SlotChoice[]): void {
    this.wanted = video.slice(0, this.video.length)
    void this.say()
  }

  /** What shows this slot has this size now (device pixels, 0 by 0 for nothing). Told once it stands still. */
  sized(slot: number, size: readonly [number, number]): void {
    if (slot < 0 || slot >= this.sizes.length) return
    this.sizes[slot] = [rounded(size[0]), rounded(size[1])]
    clearTimeout(this.settling)
    this.settling = setTimeout(() => void this.say(), SETTLE_MS)
  }

  /** Take all pictures that were chosen, the first slot's alone, or none: what is not taken is not sent by the hub. */
  limit(pictures: Pictures): void {
    this.pictures = pictures
    void this.say()
  }

  /** How well the picture of the first slot gets through; null: nothing plays. */
  get main(): Quality | null {
    return this.judgedTiles[0] ?? null
  }

  /** Hold pictures and sound back for so long (ms); null: as short as can be. Browsers that cannot go on as they are. */
  hold(ms: number | null): void {
    this.held = ms
    for (const receiver of this.receivers) {
      if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = ms
    }
  }

  /** How well tiles get through (`media` `tiles`). Events of other sessions are not ours. */
  judged(event: TilesEvent): void {
    if (event.session === this.session) this.judge(event.video)
    else this.earlyTiles = event
  }

  /** The hub moved sources (`media` `slots`). Events of other sessions are not ours. */
  moved(event: SlotsEvent): void {
    if (event.session === this.session) this.show({ video: event.video, audio: event.audio })
    else this.early = event
  }

  protected override prepare(peer: RTCPeerConnection): void {
    this.told = ''
    this.show(this.empty())
    this.judge([])
    this.receivers = []
    for (const stream of this.video) {
      const transceiver = peer.addTransceiver('video', { direction: 'recvonly' })
      preferForWatching(transceiver, 'video')
      this.receivers.push(transceiver.receiver)
      fill(stream, transceiver.receiver.track)
    }
    for (const stream of this.audio) {
      const transceiver = peer.addTransceiver('audio', { direction: 'recvonly' })
      preferForWatching(transceiver, 'audio')
      this.receivers.push(transceiver.receiver)
      fill(stream, transceiver.receiver.track)
    }
    this.hold(this.held)
  }

  protected override agreed(): void {
    if (this.early !== undefined) this.moved(this.early)
    if (this.earlyTiles !== undefined) this.judged(this.earlyTiles)
    void this.say()
  }

  /** Try again what a lost socket kept back. */
  async say(): Promise<void> {
    const { session, pictures } = this
    const wanted = this.wanted?.map((source, slot) => (pictures === 'all' || (pictures === 'stage' && slot === 0) ? source : null))
    if (session === undefined || wanted === undefined) return
    const tiles = wanted.map((_, slot) => (this.sizes[slot] ?? null) as number[] | null)
    const words = session + JSON.stringify([wanted, tiles])
    if (words === this.told) return
    this.told = words
    try {
      await this.select({ session, video: wanted, tiles })
    } catch {
      // not told: the next choice, session or connection says it again
      if (this.told === words) this.told = ''
    }
  }

  private empty(): Slots {
    return { video: this.video.map(() => null), audio: this.audio.map(() => null) }
  }

  private judge(tiles: readonly (Quality | null)[]): void {
    this.judgedTiles = tiles
    this.onTiles(tiles)
  }

  private show(slots: Slots): void {
    this.slots = slots
    this.onSlots(slots)
  }
}

function rounded(px: number): number {
  return Math.ceil(px / STEP_PX) * STEP_PX
}

function fill(stream: MediaStream, track: MediaStreamTrack): void {
  for (const old of stream.getTracks()) stream.removeTrack(old)
  stream.addTrack(track)
}
