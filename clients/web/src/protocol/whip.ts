/** Publishing one's own camera and microphone (WHIP, RFC 9725). */
import { preferForPublishing } from './codecs'
import { MediaLink, type MediaLinkParts } from './mediaLink'

export interface PublishTracks {
  video: MediaStreamTrack | null
  audio: MediaStreamTrack | null
}

/** The most that a picture is sent with: bit/s and pictures a second. */
export interface PictureLimits {
  maxBitrate: number
  maxFramerate?: number
}
const CAMERA: PictureLimits = { maxBitrate: 1_500_000 }

/**
 * Sends up to one picture and one sound to a meeting. Tracks may be replaced while it runs; a kind that was
 * missing at the start needs a new session, which `replace` makes by itself.
 */
export class Publisher extends MediaLink {
  private tracks: PublishTracks = { video: null, audio: null }
  private readonly senders: { video?: RTCRtpSender; audio?: RTCRtpSender } = {}
  private paused = false

  constructor(
    meeting: string,
    parts?: MediaLinkParts,
    private readonly limits: PictureLimits = CAMERA,
  ) {
    super(`/whip/${encodeURIComponent(meeting)}`, parts)
  }

  /** Begin with these tracks; without any there is nothing to publish, and no session. */
  publish(tracks: PublishTracks): void {
    this.tracks = tracks
    if (tracks.video !== null || tracks.audio !== null) this.start()
  }

  /** Send other tracks from now on; null silences a kind without ending the session. */
  async replace(tracks: PublishTracks): Promise<void> {
    this.tracks = tracks
    const lacking =
      (tracks.video !== null && this.senders.video === undefined) ||
      (tracks.audio !== null && this.senders.audio === undefined)
    if (this.peer === undefined || lacking) {
      this.stop()
      this.publish(tracks)
      return
    }
    await this.senders.video?.replaceTrack(this.paused ? null : tracks.video)
    await this.senders.audio?.replaceTrack(tracks.audio)
  }

  /** Nobody watches the picture (or somebody does again): the hub asks to stop sending it. */
  async pause(paused: boolean): Promise<void> {
    this.paused = paused
    const sender = this.senders.video
    if (sender === undefined) return
    const parameters = sender.getParameters()
    for (const encoding of parameters.encodings) encoding.active = !paused
    if (parameters.encodings.length > 0) await sender.setParameters(parameters)
    else await sender.replaceTrack(paused ? null : this.tracks.video)
  }

  protected override prepare(peer: RTCPeerConnection): void {
    delete this.senders.audio
    delete this.senders.video
    this.paused = false
    const { audio, video } = this.tracks
    if (audio !== null) {
      this.senders.audio = peer.addTransceiver(audio, { direction: 'sendonly' }).sender
    }
    if (video !== null) {
      video.contentHint = 'motion'
      const transceiver = peer.addTransceiver(video, {
        direction: 'sendonly',
        sendEncodings: [{ ...this.limits }],
      })
      preferForPublishing(transceiver)
      this.senders.video = transceiver.sender
    }
  }

  protected override agreed(): void {
    // nothing more is needed: tracks flow once the transport is up
  }
}
