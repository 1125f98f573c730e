/** Publishing one's own camera and microphone, or one's screen (WHIP, RFC 9725). */
import { preferForPublishing } from './codecs'
import { CONSOLE_CAMERA, type Encoding, type PictureProfile } from './encodings'
import { MediaLink, type MediaLinkParts } from './mediaLink'
import type { LayersEvent, PauseEvent, Pictures } from './types'

export interface PublishTracks {
  video: MediaStreamTrack | null
  audio: MediaStreamTrack | null
}

/** A session without anything to send is kept for so long (ms): a device that was unplugged is mostly back by then. */
const EMPTY_MS = 3_000

/** The most that a picture of one layer is sent with on a weak line: bit/s. */
const SMALL_BPS = 120_000
/** What lib.dom does not know of yet. */
type Parameters = RTCRtpSendParameters & { degradationPreference?: string }

/**
 * Sends up to one picture and one sound to a meeting. Tracks may be replaced while it runs; a kind that was
 * missing at the start needs a new session, which `replace` makes by itself. What nobody watches is not sent.
 */
export class Publisher extends MediaLink {
  /** Nobody watches the picture at all. */
  paused = false
  onPaused: (paused: boolean) => void = () => undefined
  private pictures: Pictures = 'all'
  /** What the encodings were agreed with. */
  private full: readonly (number | undefined)[] = []
  private tracks: PublishTracks = { video: null, audio: null }
  private readonly senders: { video?: RTCRtpSender; audio?: RTCRtpSender } = {}
  /** The encodings that somebody watches; undefined until the hub says. */
  private watched: readonly string[] | undefined
  /** Events may overtake the answer that names the session. */
  private readonly early = new Map<string, LayersEvent | PauseEvent>()
  private applying: Promise<void> = Promise.resolve()
  private empty: ReturnType<typeof setTimeout> | undefined

  constructor(
    meeting: string,
    parts?: MediaLinkParts,
    private readonly profile: PictureProfile = CONSOLE_CAMERA,
  ) {
    super(`/whip/${encodeURIComponent(meeting)}${profile.source === 'camera' ? '' : `?source=${profile.source}`}`, parts)
  }

  /** Begin with these tracks; without any there is nothing to publish, and no session. */
  publish(tracks: PublishTracks): void {
    clearTimeout(this.empty)
    this.tracks = tracks
    if (tracks.video !== null || tracks.audio !== null) this.start()
  }

  /**
   * Send other tracks from now on; null silences a kind without ending the session. When nothing is left the session
   * ends after a while: nobody may be told that something is published when nothing is sent.
   */
  async replace(tracks: PublishTracks): Promise<void> {
    clearTimeout(this.empty)
    this.tracks = tracks
    if (tracks.video === null && tracks.audio === null) {
      this.empty = setTimeout(() => {
        this.stop()
      }, EMPTY_MS)
    }
    const lacking =
      (tracks.video !== null && this.senders.video === undefined) ||
      (tracks.audio !== null && this.senders.audio === undefined)
    if (this.peer === undefined || lacking) {
      this.stop()
      this.publish(tracks)
      return
    }
    if (tracks.video !== null) tracks.video.contentHint = this.profile.hint
    const { peer } = this
    try {
      await this.senders.video?.replaceTrack(tracks.video)
      await this.senders.audio?.replaceTrack(tracks.audio)
    } catch {
      // a browser that cannot put this track in the place of the other: a session of its own for it
      if (peer !== this.peer || tracks !== this.tracks) return
      this.stop()
      this.publish(tracks)
    }
  }

  /** On a weak line the picture is sent small (`stage`), or not at all (`none`). */
  limit(pictures: Pictures): void {
    this.pictures = pictures
    this.apply()
  }

  /** The hub says what is watched (`media` `pause`, `layers`). Events of other sessions are not ours. */
  heed(event: LayersEvent | PauseEvent): void {
    if (event.session !== this.session) {
      this.early.set(event.kind, event)
      return
    }
    if (event.kind === 'layers') this.watched = event.active
    else {
      this.paused = event.paused
      this.onPaused(event.paused)
    }
    this.apply()
  }

  protected override prepare(peer: RTCPeerConnection): void {
    delete this.senders.audio
    delete this.senders.video
    this.watched = undefined
    if (this.paused) {
      this.paused = false
      this.onPaused(false)
    }
    const { audio, video } = this.tracks
    if (audio !== null) {
      const transceiver = peer.addTransceiver(audio, { direction: 'sendonly' })
      preferForPublishing(transceiver, 'audio')
      this.senders.audio = transceiver.sender
    }
    if (video !== null) {
      video.contentHint = this.profile.hint
      const transceiver = addPicture(peer, video, this.profile)
      preferForPublishing(transceiver, 'video')
      this.senders.video = transceiver.sender
    }
  }

  protected override agreed(): void {
    this.full = (this.senders.video?.getParameters().encodings ?? []).map((one) => one.maxBitrate)
    this.apply()
    for (const event of [...this.early.values()]) {
      this.early.delete(event.kind)
      if (event.session === this.session) this.heed(event)
    }
  }

  /** Bring the sender to what is watched; one change after the other, as the browser demands. */
  private apply(): void {
    this.applying = this.applying.then(() => this.settle()).catch(() => undefined)
  }

  private async settle(): Promise<void> {
    const sender = this.senders.video
    if (sender === undefined || this.session === undefined) return
    const parameters: Parameters = sender.getParameters()
    const { encodings } = parameters
    const small = this.pictures !== 'all'
    encodings.forEach((encoding, at) => {
      const { rid } = encoding
      const watched = rid === undefined || this.watched === undefined || this.watched.includes(rid)
      // low to high: on a weak line the first one, whichever of them was watched before
      encoding.active = !this.paused && this.pictures !== 'none' && (small ? at === 0 : watched)
      const most = this.full[at]
      if (encodings.length === 1 && most !== undefined) encoding.maxBitrate = small ? Math.min(most, SMALL_BPS) : most
    })
    parameters.degradationPreference = this.profile.keep
    if (parameters.encodings.length > 0) await sender.setParameters(parameters)
  }
}

/** A browser that does not take the encodings as they are takes them without temporal layers, or one alone. */
function addPicture(peer: RTCPeerConnection, track: MediaStreamTrack, profile: PictureProfile): RTCRtpTransceiver {
  const { width = 0, height = 0 } = track.getSettings()
  const wanted = profile.encodings(width, height, navigator.hardwareConcurrency)
  const plain = wanted.map(({ scalabilityMode: _mode, ...rest }) => rest)
  const alone: Encoding[] = [{ maxBitrate: Math.max(...wanted.map((one) => one.maxBitrate ?? 0)) }]
  for (const sendEncodings of [wanted, plain]) {
    try {
      return peer.addTransceiver(track, { direction: 'sendonly', sendEncodings })
    } catch {
      // the next, simpler one
    }
  }
  return peer.addTransceiver(track, { direction: 'sendonly', sendEncodings: alone })
}
