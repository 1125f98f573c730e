/** What a peer connection's own statistics say of a line: which way, what is lost, how long, how much. Pure. */

/** How packets go to the hub: by UDP, by TCP, or through the relay. */
export type LineWay = 'direct' | 'tcp' | 'relay'

/** One look at the statistics; counters go up from one look to the next. */
export interface LineLook {
  /** ms of any clock that runs evenly. */
  readonly at: number
  readonly way: LineWay | null
  readonly sentBytes: number
  readonly receivedBytes: number
  /** Packets that came, and that did not, of what is received. */
  readonly received: number
  readonly lost: number
  /** Of what is sent: the share the hub last said was lost, 0..1; null before it said anything. */
  readonly sentLoss: number | null
  /** The hub's last word on the round trip, ms. */
  readonly rttMs: number | null
}

export interface LineFigures {
  readonly way: LineWay | null
  /** The worse of both directions; null where nothing was sent or received. */
  readonly lossPermille: number | null
  readonly rttMs: number | null
  /** What got through in each direction; null where that was not tried. */
  readonly upKbps: number | null
  readonly downKbps: number | null
}

interface Stat {
  readonly id: string
  readonly type: string
  readonly [field: string]: unknown
}
const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)

function wayOf(stats: ReadonlyMap<string, Stat>): { way: LineWay | null; rttMs: number | null } {
  const all = [...stats.values()]
  const transport = all.find((one) => one.type === 'transport' && typeof one['selectedCandidatePairId'] === 'string')
  const pairs = all.filter((one) => one.type === 'candidate-pair')
  const pair =
    (transport === undefined ? undefined : stats.get(transport['selectedCandidatePairId'] as string)) ??
    pairs.find((one) => one['selected'] === true) ??
    pairs.find((one) => one['nominated'] === true && one['state'] === 'succeeded')
  if (pair === undefined) return { way: null, rttMs: null }
  const local = stats.get(String(pair['localCandidateId']))
  const seconds = number(pair['currentRoundTripTime'])
  const way = local?.['candidateType'] === 'relay' ? 'relay' : local?.['protocol'] === 'tcp' ? 'tcp' : 'direct'
  return { way, rttMs: seconds === undefined ? null : seconds * 1000 }
}

/** `reports`: an RTCStatsReport. */
export function lookAt(reports: { forEach: (each: (one: unknown) => void) => void }, at: number): LineLook {
  const stats = new Map<string, Stat>()
  reports.forEach((one) => stats.set((one as Stat).id, one as Stat))
  const { way, rttMs } = wayOf(stats)
  let [sentBytes, receivedBytes, received, lost] = [0, 0, 0, 0]
  let sentLoss: number | null = null
  let told: number | null = null
  for (const one of stats.values()) {
    if (one.type === 'outbound-rtp') sentBytes += number(one['bytesSent']) ?? 0
    if (one.type === 'inbound-rtp') {
      receivedBytes += number(one['bytesReceived']) ?? 0
      received += number(one['packetsReceived']) ?? 0
      lost += number(one['packetsLost']) ?? 0
    }
    if (one.type === 'remote-inbound-rtp') {
      const fraction = number(one['fractionLost'])
      if (fraction !== undefined) sentLoss = Math.max(sentLoss ?? 0, fraction)
      const seconds = number(one['roundTripTime'])
      if (seconds !== undefined) told = Math.max(told ?? 0, seconds * 1000)
    }
  }
  return { at, way, sentBytes, receivedBytes, received, lost, sentLoss, rttMs: told ?? rttMs }
}

function rate(bytes: number, ms: number): number | null {
  return ms > 0 ? Math.round((bytes * 8) / ms) : null
}

/** What happened between the first and the last of these looks at one connection. */
export function figuresOf(looks: readonly LineLook[]): LineFigures {
  const [first, last] = [looks[0], looks.at(-1)]
  if (first === undefined || last === undefined) return NOTHING
  const ms = last.at - first.at
  const came = last.received - first.received
  const gone = Math.max(0, last.lost - first.lost)
  const losses = [
    ...(came + gone > 0 ? [gone / (came + gone)] : []),
    ...(last.sentLoss === null ? [] : [average(looks.flatMap((one) => (one.sentLoss === null ? [] : [one.sentLoss])))]),
  ]
  const sent = last.sentBytes - first.sentBytes
  return {
    way: last.way,
    lossPermille: losses.length === 0 ? null : Math.round(Math.max(...losses) * 1000),
    rttMs: last.rttMs === null ? null : Math.round(last.rttMs),
    upKbps: sent > 0 ? rate(sent * (1 - (last.sentLoss ?? 0)), ms) : null,
    downKbps: came > 0 ? rate(last.receivedBytes - first.receivedBytes, ms) : null,
  }
}

export const NOTHING: LineFigures = { way: null, lossPermille: null, rttMs: null, upKbps: null, downKbps: null }

/** One line out of two connections: the worse of what both say, the rate of each that has one. */
export function together(one: LineFigures, other: LineFigures): LineFigures {
  return {
    way: one.way ?? other.way,
    lossPermille: most(one.lossPermille, other.lossPermille),
    rttMs: most(one.rttMs, other.rttMs),
    upKbps: most(one.upKbps, other.upKbps),
    downKbps: most(one.downKbps, other.downKbps),
  }
}

function most(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : Math.max(one, other)
}
function average(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)
}
