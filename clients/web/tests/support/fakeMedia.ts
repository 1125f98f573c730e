/** Peer connections and a media door in memory, for the WHIP and WHEP clients. */
import type { MediaLinkParts } from '@/protocol/mediaLink'
import { Relay } from '@/protocol/relay'

const OFFER = [
  'v=0',
  'a=group:BUNDLE 0 1',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:0',
  'a=ice-ufrag:mine',
  'a=ice-pwd:minepassword',
  '',
].join('\r\n')

export const ANSWER = [
  'v=0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:0',
  'a=ice-ufrag:hub1',
  'a=ice-pwd:hubpassword1',
  'a=candidate:1 1 udp 1 127.0.0.1 5000 typ host',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:1',
  'a=ice-ufrag:hub1',
  'a=ice-pwd:hubpassword1',
  '',
].join('\r\n')

/** Takes one change at a time, as the browser does. */
export class FakeSender {
  /** What was put in the place of the first track. */
  track: unknown
  private busy = false

  constructor(public encodings: RTCRtpEncodingParameters[]) {}

  /** The rids that are sent now. */
  get active(): (string | undefined)[] {
    return this.encodings.filter((one) => one.active !== false).map((one) => one.rid)
  }
  replaceTrack(track: unknown): Promise<void> {
    this.track = track
    return Promise.resolve()
  }
  getParameters(): RTCRtpSendParameters {
    return { encodings: this.encodings.map((one) => ({ ...one })) } as RTCRtpSendParameters
  }
  async setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    if (this.busy) throw new DOMException('one after the other', 'InvalidStateError')
    this.busy = true
    await Promise.resolve()
    this.busy = false
    this.encodings = parameters.encodings
  }
}

export class FakePeer {
  connectionState = 'new'
  iceConnectionState = 'new'
  /** By what candidate it goes, as the browser's statistics say. */
  goesBy: 'host' | 'relay' | undefined
  configuration: RTCConfiguration | undefined
  onconnectionstatechange: (() => void) | null = null
  localDescription: { sdp: string } | null = null
  readonly remote: string[] = []
  readonly sections: { kind: string; direction: string }[] = []
  readonly senders: FakeSender[] = []
  readonly receivers: { track: { kind: string }; jitterBufferTarget: number | null }[] = []
  /** Refuses encodings that this returns true for, as browsers do. */
  refuses: (encodings: RTCRtpEncodingParameters[]) => boolean = () => false
  restarted = 0
  closed = false
  /** What came so far. */
  bytes = 0
  onStats: () => void = () => undefined

  addTransceiver(
    what: string | { kind: string },
    init: { direction: string; sendEncodings?: RTCRtpEncodingParameters[] },
  ): unknown {
    const kind = typeof what === 'string' ? what : what.kind
    if (this.refuses(init.sendEncodings ?? [])) throw new DOMException('not these', 'OperationError')
    this.sections.push({ kind, direction: init.direction })
    const sender = new FakeSender(init.sendEncodings ?? [{}])
    if (typeof what !== 'string') this.senders.push(sender)
    const receiver = { track: { kind }, jitterBufferTarget: null }
    this.receivers.push(receiver)
    return {
      receiver,
      sender,
      setCodecPreferences: () => undefined,
    }
  }
  async setLocalDescription(): Promise<void> {
    await Promise.resolve()
    this.localDescription = { sdp: OFFER }
  }
  async createOffer(): Promise<{ sdp: string }> {
    return Promise.resolve({ sdp: OFFER })
  }
  async setRemoteDescription(description: { sdp: string }): Promise<void> {
    await Promise.resolve()
    this.remote.push(description.sdp)
  }
  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration
  }
  getStats(): Promise<Map<string, unknown>> {
    this.onStats()
    const reports = [
      { id: 't', type: 'transport', selectedCandidatePairId: 'p', bytesReceived: this.bytes },
      { id: 'p', type: 'candidate-pair', localCandidateId: 'l' },
      { id: 'l', type: 'local-candidate', candidateType: this.goesBy },
    ]
    const known = this.goesBy === undefined ? [{ id: 'T', type: 'transport', bytesReceived: this.bytes }] : reports
    return Promise.resolve(new Map(known.map((one) => [one.id, one])))
  }
  restartIce(): void {
    this.restarted += 1
  }
  close(): void {
    this.closed = true
  }
  turn(state: string): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }
}

export interface Asked {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

/** Answers like the hub; `answers` are taken first, one a request. */
export class FakeDoor {
  readonly peers: FakePeer[] = []
  readonly asked: Asked[] = []
  answers: (Response | Error)[] = []
  /** The relay, as the hub's `Link` header names it; empty: it has none. */
  link = ''
  private count = 0

  readonly parts: MediaLinkParts = {
    fetch: async (url, init) => {
      await Promise.resolve()
      const method = init?.method ?? 'GET'
      const headers = (init?.headers ?? {}) as Record<string, string>
      this.asked.push({ method, url, headers, body: typeof init?.body === 'string' ? init.body : '' })
      const next = method === 'DELETE' ? undefined : this.answers.shift()
      if (next instanceof Error) throw next
      return next ?? this.usual(method, url)
    },
    relay: new Relay(),
    makePeer: (servers) => {
      const peer = new FakePeer()
      peer.configuration = { iceServers: servers }
      this.peers.push(peer)
      return peer as unknown as RTCPeerConnection
    },
    backOff: (attempt) => attempt * 100,
  }

  get peer(): FakePeer {
    const last = this.peers.at(-1)
    if (last === undefined) throw new Error('no peer connection was made')
    return last
  }

  private usual(method: string, url: string): Response {
    if (method === 'DELETE') return new Response(null, { status: 200 })
    if (method === 'PATCH') {
      const fragment = 'a=ice-ufrag:hub2\r\na=ice-pwd:hubpassword2\r\n'
      return new Response(fragment, { status: 200, headers: { etag: '"2"' } })
    }
    if (url === '/api/v1/ice-servers') {
      const server = { urls: ['turn:hub:3478'], username: '1:a', credential: 'asked' }
      return new Response(JSON.stringify({ ice_servers: [server], expires_at: new Date(Date.now() + 3_600_000).toISOString() }))
    }
    this.count += 1
    const more: Record<string, string> = this.link === '' ? {} : { link: this.link }
    const location = `${url.split('?')[0] ?? ''}/s_${String(this.count)}`
    return new Response(ANSWER, { status: 201, headers: { location, etag: '"1"', ...more } })
  }
}

export function refusal(status: number, code: string): Response {
  return new Response(JSON.stringify({ error: { code, message: code } }), { status })
}

export function stream(): MediaStream {
  const tracks: unknown[] = []
  return {
    getTracks: () => [...tracks],
    removeTrack: (track: unknown) => tracks.splice(tracks.indexOf(track), 1),
    addTrack: (track: unknown) => tracks.push(track),
  } as unknown as MediaStream
}
