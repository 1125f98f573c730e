/**
 * Trying the own line: a short call with oneself over the media node. What is sent (WHIP) comes back (WHEP); nobody else sees it,
 * nothing is recorded, and the hub ends it after 20 s, whoever forgot it.
 */
import { preferForPublishing, preferForWatching } from './codecs'
import { figuresOf, type LineFigures, type LineLook, lookAt, together } from './lineFigures'
import { browserParts, type MediaLinkParts } from './mediaLink'
import { isRefusalBody } from './refusal'

/** Why there are no figures. `unreachable`: the hub did not answer; `blocked`: it did, and no packets get through; `busy`: others try theirs; `refused`. */
export type LineFailure = 'unreachable' | 'blocked' | 'busy' | 'refused'
export type LineOutcome = { readonly figures: LineFigures } | { readonly failure: LineFailure }

export interface LineCheckOptions {
  /** What is sent; it is not stopped here. */
  readonly picture: MediaStreamTrack
  /** How long packets are counted, ms. */
  readonly measureMs: number
  /** Sent at most. */
  readonly maxKbps: number
  readonly signal?: AbortSignal
  /** Tests bring their own. */
  readonly parts?: Pick<MediaLinkParts, 'fetch' | 'makePeer' | 'relay'>
}

const CONNECT_MS = 8_000
/** Where there is a relay the straight way has so long, ms: some round trips of the slowest lines. */
const HEAD_START_MS = 3_000
const LOOK_MS = 500
/** A sender begins slowly and feels its way up: what it reached in the last part of the time is what counts. */
const COUNTED = 0.5

class Failed extends Error {
  constructor(readonly failure: LineFailure) {
    super(failure)
  }
}

/** Never throws; what it opened is closed when it returns. */
export async function checkLine(options: LineCheckOptions): Promise<LineOutcome> {
  const parts = options.parts ?? browserParts
  const peers: RTCPeerConnection[] = []
  const sessions: string[] = []
  const { relay } = parts
  const by = async (servers: RTCIceServer[], door: string, prepare: (peer: RTCPeerConnection) => void): Promise<RTCPeerConnection> => {
    const peer = parts.makePeer(servers)
    peers.push(peer)
    prepare(peer)
    await peer.setLocalDescription()
    const { answer, location } = await offer(parts, `/${door}/check`, peer.localDescription?.sdp ?? '', options.signal)
    sessions.push(location)
    await peer.setRemoteDescription({ type: 'answer', sdp: answer })
    const alone = servers.length === 0 && relay.known.length > 0
    await connected(peer, alone ? HEAD_START_MS : CONNECT_MS, options.signal)
    return peer
  }
  /** As meetings do: straight first, then, where nothing comes that way, also over the relay. */
  const agree = async (door: string, prepare: (peer: RTCPeerConnection) => void): Promise<RTCPeerConnection> => {
    if (relay.wanted) return by(await relay.fresh(parts.fetch), door, prepare)
    try {
      return await by([], door, prepare)
    } catch (error) {
      const blocked = error instanceof Failed && error.failure === 'blocked' && options.signal?.aborted !== true
      if (!blocked || relay.known.length === 0) throw error
      relay.want()
      return by(relay.known, door, prepare)
    }
  }
  try {
    const up = await agree('whip', (peer) => {
      const transceiver = peer.addTransceiver(options.picture, { direction: 'sendonly', sendEncodings: [{ maxBitrate: options.maxKbps * 1000 }] })
      preferForPublishing(transceiver, 'video')
    })
    const down = await agree('whep', (peer) => {
      preferForWatching(peer.addTransceiver('video', { direction: 'recvonly' }), 'video')
    })
    return { figures: await measure(up, down, options) }
  } catch (error) {
    return { failure: error instanceof Failed ? error.failure : 'unreachable' }
  } finally {
    for (const peer of peers) peer.close()
    for (const session of sessions) void parts.fetch(session, { method: 'DELETE', keepalive: true }).catch(() => undefined)
  }
}

async function measure(up: RTCPeerConnection, down: RTCPeerConnection, options: LineCheckOptions): Promise<LineFigures> {
  const [ups, downs]: [LineLook[], LineLook[]] = [[], []]
  const began = performance.now()
  for (;;) {
    const now = performance.now()
    ups.push(lookAt(await up.getStats(), now))
    downs.push(lookAt(await down.getStats(), now))
    if (now - began >= options.measureMs || options.signal?.aborted === true) break
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, options.measureMs)))
  }
  const from = began + options.measureMs * COUNTED
  const late = (looks: readonly LineLook[]): readonly LineLook[] => {
    const counted = looks.filter((one) => one.at >= from)
    return counted.length >= 2 ? counted : looks
  }
  // what was lost counts from the beginning
  const whole = together(figuresOf(ups), figuresOf(downs))
  return { ...whole, upKbps: figuresOf(late(ups)).upKbps, downKbps: figuresOf(late(downs)).downKbps }
}

async function offer(
  { fetch, relay }: Pick<MediaLinkParts, 'fetch' | 'relay'>,
  url: string,
  body: string,
  signal?: AbortSignal,
): Promise<{ answer: string; location: string }> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    credentials: 'same-origin',
    headers: { 'content-type': 'application/sdp' },
    ...(signal === undefined ? {} : { signal }),
  })
  const location = response.headers.get('location')
  relay.take(response)
  if (response.ok && location !== null) return { answer: await response.text(), location }
  const problem: unknown = await response.json().catch(() => undefined)
  if (!isRefusalBody(problem)) throw new Failed('unreachable')
  throw new Failed(problem.error.code === 'too_many' ? 'busy' : problem.error.code === 'unavailable' ? 'unreachable' : 'refused')
}

function connected(peer: RTCPeerConnection, withinMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Failed('blocked'))
    }, withinMs)
    const look = (): void => {
      if (peer.connectionState === 'connected') resolve()
      else if (peer.connectionState === 'failed') reject(new Failed('blocked'))
      else return
      clearTimeout(timer)
    }
    peer.onconnectionstatechange = look
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new Failed('blocked'))
    })
    look()
  })
}
