/** One WHIP or WHEP session and its coming back: offer, answer, ICE restart, a new session after a loss. */
import type { Fetch } from './api'
import { isRefusalBody, Refused, Unreachable } from './refusal'
import { Relay, wayOf } from './relay'
import { fragmentOf, withFragment } from './sdpFragment'
import { withSoundRepair } from './soundRepair'
import type { ClosedReason, Way } from './types'

/** `waiting`: the last try failed, the next one comes by itself. `stopped`: over, by us or by the hub. */
export type MediaState = 'connecting' | 'connected' | 'recovering' | 'waiting' | 'stopped'

export interface MediaLinkParts {
  fetch: Fetch
  /** `servers`: the relay, where all ways are to be tried at once; else none. */
  makePeer: (servers: RTCIceServer[]) => RTCPeerConnection
  relay: Relay
  /** Milliseconds to wait before try number `attempt` (1 the first repetition). */
  backOff: (attempt: number) => number
}

/** No STUN server: the hub is ICE-lite and answers to the address a check comes from. */
function configuration(iceServers: RTCIceServer[]): RTCConfiguration {
  return { iceServers, bundlePolicy: 'max-bundle' }
}

export const browserParts: MediaLinkParts = {
  fetch: (input, init) => fetch(input, init),
  makePeer: (servers) => new RTCPeerConnection(configuration(servers)),
  relay: new Relay(),
  // a node that was killed is back within seconds: stay close at first, and spread the crowd
  backOff: (attempt) => Math.min(300 * 2 ** (attempt - 1), attempt > 12 ? 5000 : 1200) * (0.8 + Math.random() * 0.4),
}

/** Refusals after which trying again makes no sense. */
const FINAL = new Set([
  'removed',
  'meeting_ended',
  'not_found',
  'forbidden',
  'unauthenticated',
  'unprocessable',
  'malformed',
  'too_large',
  'not_admitted',
])
/** So long (ms) who waits at a locked meeting asks no more: he is nudged when he is let in. */
const AT_THE_DOOR_MS = 30_000
/** Reasons of a closed session after which it does not come back: the hub, or the account elsewhere, meant it. */
const MEANT: ReadonlySet<string> = new Set(['removed', 'ended', 'replaced', 'withdrawn'])
/** A disconnected ICE often heals by itself within this time. */
const GRACE_MS = 1500
/** The straight way has so long for an answer (ms, one round trip) before the relay is tried beside it. */
export const HEAD_START_MS = 1000
/** How often it is looked by which way a connection goes (ms): a better one may have been found. */
const LOOK_MS = 5000
/** A session or a restart that is not connected after this long is given up. */
const CONNECT_MS = 8000
/** A request without an answer after this long is given up: a line that went away takes no word back by itself. */
const ANSWER_MS = 12_000
/** Asked for so long without an answer, when the line to the hub is back: the question was lost with the line. */
const LOST_MS = 2_000
/** A connection over which nothing came within this time may be dead and not know it yet. */
const LISTEN_MS = 1_000

type Timer = ReturnType<typeof setTimeout>

export abstract class MediaLink {
  state: MediaState = 'stopped'
  /** Why the hub said no, when it did. */
  refusal: Refused | undefined
  /** The hub's name for the running session (`s_…`). */
  session: string | undefined
  onState: (state: MediaState, refusal: Refused | undefined) => void = () => undefined
  /** By which way it is connected; undefined while it is not, or where the browser does not tell. */
  way: Way | undefined
  onWay: (way: Way | undefined) => void = () => undefined

  protected peer: RTCPeerConnection | undefined
  private location: string | undefined
  private etag = '*'
  private answer = ''
  private attempt = 0
  private restarts = 0
  private generation = 0
  private timer: Timer | undefined
  /** Until the relay is tried, then until the way is looked at again. */
  private detour: Timer | undefined
  /** When the request that is under way was made. */
  private asked: number | undefined
  /** Within how long (ms) all pages of this hub are to come back, as it last said. */
  spreadMs = 0

  constructor(
    private readonly url: string,
    protected readonly parts: MediaLinkParts = browserParts,
  ) {}

  /** Put the sections of the offer into a fresh peer connection. */
  protected abstract prepare(peer: RTCPeerConnection): void
  /** The session is agreed on, `session` is known. */
  protected abstract agreed(): void

  start(): void {
    if (this.state !== 'stopped') return
    this.attempt = 0
    this.refusal = undefined
    void this.connect()
  }

  /** End the session and tell the hub, unless it ended the session with the meeting (`told`). */
  stop(told = false): void {
    if (this.state === 'stopped') return
    const location = told ? undefined : this.location
    this.drop()
    this.turn('stopped')
    if (location !== undefined) {
      void this.parts.fetch(location, { method: 'DELETE', keepalive: true }).catch(() => undefined)
    }
  }

  /** The hub closed a session (`media` `closed`): come back, unless it meant it. */
  closedByHub(session: string, reason: ClosedReason): void {
    if (session !== this.session || this.state === 'stopped') return
    if (MEANT.has(reason)) {
      this.drop()
      this.turn('stopped')
    } else {
      this.attempt = 0
      this.renew('recovering', this.spreadMs * Math.random())
    }
  }

  /** What the running connection counts; undefined without one. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return this.peer?.getStats()
  }

  /** The line to the hub is back: try now instead of waiting out the back-off, and look whether what stands still stands. */
  nudge(): void {
    const { asked, peer, state } = this
    if (state === 'waiting' || (asked !== undefined && Date.now() - asked > LOST_MS)) this.renew('recovering', 0)
    else if (peer?.connectionState === 'disconnected' && asked === undefined && this.restarts === 0) void this.restart(peer)
    else if (state === 'connected' && peer !== undefined) void this.listen(peer)
  }

  /** A machine that slept, or has other addresses now, hears nothing: new ways at once, long before the browser gives the old one up. */
  private async listen(peer: RTCPeerConnection): Promise<void> {
    const before = received(await peer.getStats())
    await new Promise((resolve) => setTimeout(resolve, LISTEN_MS))
    if (peer !== this.peer || this.state !== 'connected' || this.restarts > 0) return
    if (received(await peer.getStats()) > before) return
    this.turn('recovering')
    await this.restart(peer)
  }

  protected turn(state: MediaState): void {
    if (state === this.state) return
    this.state = state
    this.onState(state, this.refusal)
  }

  private drop(): void {
    this.generation += 1
    this.asked = undefined
    clearTimeout(this.timer)
    clearTimeout(this.detour)
    this.goes(undefined)
    const { peer } = this
    this.peer = undefined
    this.session = undefined
    this.location = undefined
    if (peer !== undefined) {
      peer.onconnectionstatechange = null
      peer.close()
    }
  }

  /** Give up this peer connection and make a new session after `delay`. */
  private renew(state: MediaState, delay: number): void {
    this.drop()
    this.turn(state)
    this.timer = setTimeout(() => void this.connect(), delay)
  }

  private failed(error: unknown): void {
    if (error instanceof Refused && FINAL.has(error.code)) {
      this.refusal = error
      this.drop()
      this.turn('stopped')
      return
    }
    if (error instanceof Refused && error.code === 'waiting') {
      this.renew('waiting', AT_THE_DOOR_MS * (0.8 + Math.random() * 0.4))
      return
    }
    this.attempt += 1
    this.renew('waiting', this.parts.backOff(this.attempt))
  }

  private async connect(): Promise<void> {
    this.turn(this.state === 'stopped' ? 'connecting' : 'recovering')
    const generation = ++this.generation
    const { relay } = this.parts
    const servers = relay.wanted ? await relay.fresh(this.parts.fetch) : []
    if (generation !== this.generation) return
    const peer = this.parts.makePeer(servers)
    this.peer = peer
    peer.onconnectionstatechange = () => {
      this.peerTurned(peer)
    }
    try {
      this.prepare(peer)
      await peer.setLocalDescription()
      const offer = withSoundRepair(peer.localDescription?.sdp ?? '')
      const response = await this.send('POST', this.url, 'application/sdp', offer)
      if (generation !== this.generation) {
        // stopped meanwhile: the session that came too late must not stay with the hub
        const late = response.headers.get('location')
        if (late !== null) void this.parts.fetch(late, { method: 'DELETE' }).catch(() => undefined)
        return
      }
      await this.agree(peer, response)
      if (servers.length === 0) this.giveHeadStart(peer)
    } catch (error) {
      if (generation === this.generation) this.failed(error)
    }
  }

  private async agree(peer: RTCPeerConnection, response: Response): Promise<void> {
    const location = response.headers.get('location')
    if (location === null) throw new Unreachable('the answer names no session')
    this.location = location
    this.session = location.split('?')[0]?.split('/').filter((part) => part !== '').at(-1)
    this.etag = response.headers.get('etag') ?? '*'
    this.parts.relay.take(response)
    this.answer = await response.text()
    this.restarts = 0
    this.watchdog(() => {
      this.failed(new Unreachable('no connection in time'))
    })
    await peer.setRemoteDescription({ type: 'answer', sdp: this.answer })
    this.agreed()
  }

  private peerTurned(peer: RTCPeerConnection): void {
    if (peer !== this.peer) return
    switch (peer.connectionState) {
      case 'connected':
        clearTimeout(this.timer)
        this.attempt = 0
        this.restarts = 0
        this.turn('connected')
        void this.look(peer)
        break
      case 'disconnected':
        this.turn('recovering')
        clearTimeout(this.timer)
        this.timer = setTimeout(() => void this.restart(peer), GRACE_MS)
        break
      case 'failed':
        this.turn('recovering')
        clearTimeout(this.timer)
        void this.restart(peer)
        break
      default:
    }
  }

  /** The straight way alone for a moment: then, where nothing has answered, all ways by a restart of the same session. */
  private giveHeadStart(peer: RTCPeerConnection): void {
    if (this.parts.relay.known.length === 0) return
    this.detour = setTimeout(() => {
      const answered = peer.connectionState === 'connected' || ['connected', 'completed'].includes(peer.iceConnectionState)
      if (peer !== this.peer || answered || this.restarts > 0) return
      this.parts.relay.want()
      void this.restart(peer)
    }, HEAD_START_MS)
  }

  /** By which way it goes, and again after a while. */
  private async look(peer: RTCPeerConnection): Promise<void> {
    clearTimeout(this.detour)
    const way = await wayOf(peer).catch(() => undefined)
    if (peer !== this.peer || peer.connectionState !== 'connected') return
    if (way !== undefined) this.parts.relay.went(way)
    this.goes(way)
    this.detour = setTimeout(() => void this.look(peer), LOOK_MS)
  }

  private goes(way: Way | undefined): void {
    if (way === this.way) return
    this.way = way
    this.onWay(way)
  }

  /** New ICE names for the same session; when that fails, a new session. */
  private async restart(peer: RTCPeerConnection): Promise<void> {
    if (peer !== this.peer || this.location === undefined || this.restarts > 0) {
      if (peer === this.peer) this.failed(new Unreachable('the restart did not help'))
      return
    }
    this.restarts += 1
    const generation = this.generation
    this.watchdog(() => {
      this.failed(new Unreachable('no connection after a restart'))
    })
    try {
      const { relay } = this.parts
      if (relay.known.length > 0) {
        // whatever the network is now: all ways
        peer.setConfiguration(configuration(await relay.fresh(this.parts.fetch)))
        if (generation !== this.generation) return
      }
      peer.restartIce()
      await peer.setLocalDescription(await peer.createOffer({ iceRestart: true }))
      const response = await this.send(
        'PATCH',
        this.location,
        'application/trickle-ice-sdpfrag',
        fragmentOf(peer.localDescription?.sdp ?? ''),
        { 'if-match': this.etag },
      )
      if (generation !== this.generation) return
      this.etag = response.headers.get('etag') ?? '*'
      this.answer = withFragment(this.answer, await response.text())
      await peer.setRemoteDescription({ type: 'answer', sdp: this.answer })
    } catch (error) {
      // the session is gone with the hub that knew it: a fresh one, whatever the hub says of the old
      const passing = error instanceof Refused ? new Unreachable(error.message) : error
      if (generation === this.generation) this.failed(passing)
    }
  }

  private watchdog(late: () => void): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(late, CONNECT_MS)
  }

  private async send(
    method: string,
    url: string,
    type: string,
    body: string,
    more: Record<string, string> = {},
  ): Promise<Response> {
    let response: Response
    const asked = Date.now()
    this.asked = asked
    try {
      response = await this.parts.fetch(url, {
        method,
        signal: AbortSignal.timeout(ANSWER_MS),
        body,
        credentials: 'same-origin',
        headers: { 'content-type': type, ...more },
      })
    } catch (cause) {
      throw new Unreachable(`${method} ${url}`, { cause })
    } finally {
      if (this.asked === asked) this.asked = undefined
    }
    if (response.ok) return response
    const problem: unknown = await response.json().catch(() => undefined)
    if (!isRefusalBody(problem)) throw new Unreachable(`${method} ${url}: ${String(response.status)}`)
    throw new Refused(problem.error.code, problem.error.message, problem.error.field)
  }
}

const COUNTED: ReadonlySet<string> = new Set(['transport', 'candidate-pair', 'inbound-rtp'])

/** Bytes that came, counted as browsers do, some twice: whether there are more than before is all that is asked. */
function received(stats: RTCStatsReport): number {
  let bytes = 0
  for (const one of stats.values() as Iterable<{ type: string; bytesReceived?: number }>) {
    if (COUNTED.has(one.type)) bytes += one.bytesReceived ?? 0
  }
  return bytes
}
