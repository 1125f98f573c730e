/** Following one meeting over the socket: what it is now, then every event about it, kept true across lost connections. */
import type { Off } from './emitter'
import { Refused } from './refusal'
import type { HubSocket } from './socket'
import type { CanEvent, ChangedEvent, Entry, Followed, MediaEvent, ParticipantPresence, PartEvent } from './types'

export interface FollowHandlers {
  /** The meeting as it is now, at the beginning and after every loss; events after it are told one by one. */
  settled: (answer: Followed) => void
  part: (event: PartEvent) => void
  can: (event: CanEvent) => void
  changed: (event: ChangedEvent) => void
  entry: (entry: Entry) => void
  presence: (participants: ParticipantPresence[]) => void
  /** Also each event that holds when the follow begins or is taken up again. */
  media: (event: MediaEvent) => void
  /** All media events that hold now follow at once: what was known of lines before holds no longer. */
  anew: () => void
  /** The meeting may not be followed any longer. */
  refused: (error: Refused) => void
  /** The newest entry that is in the record already; null: as many of the newest as the hub gives. */
  since: () => number | null
}

/** How long after an answer what it did may be on its way before the meeting is read again. */
const EXPECT_MS = 2000
const RETRY_MS = 1000
/** So many entries are the most that one answer holds: then there may be more. */
export const MOST_ENTRIES = 5000

export class Following {
  /** The newest seq that anything about the meeting was told with. */
  heard = 0
  private settledOnce = false
  /** What came while the meeting was being read: told after the answer. */
  private readonly early: (() => void)[] = []
  private readonly offs: Off[] = []
  private reading = false
  private again = false
  /** The newest seq that somebody waits for. */
  private expected: number | undefined
  private stopped = false
  private timers = new Set<ReturnType<typeof setTimeout>>()

  constructor(
    readonly meeting: string,
    private readonly socket: HubSocket,
    private readonly handlers: FollowHandlers,
  ) {}

  start(): void {
    const { handlers, socket } = this
    this.offs.push(
      socket.on('hello', () => void this.read()),
      socket.on('part', this.ours(handlers.part)),
      socket.on('can', this.ours(handlers.can)),
      socket.on('changed', this.ours(handlers.changed)),
      socket.on('entry', this.ours(handlers.entry)),
      socket.on('participants', this.ours((event) => {
        handlers.presence(event.participants)
      })),
      socket.on('media', this.ours(handlers.media)),
    )
    if (socket.state === 'online') void this.read()
  }

  stop(): void {
    this.stopped = true
    for (const off of this.offs.splice(0)) off()
    for (const timer of this.timers) clearTimeout(timer)
    void this.socket.call('unfollow', { meeting: this.meeting }).catch(() => undefined)
  }

  /** An answer named this seq: if nothing is told with it or a later one, read the meeting again. */
  expect(seq: number): void {
    if (this.expected !== undefined) {
      this.expected = Math.max(this.expected, seq)
      return
    }
    this.expected = seq
    this.later(() => {
      const { expected = 0 } = this
      this.expected = undefined
      if (this.settledOnce && this.heard < expected) void this.read()
    }, EXPECT_MS)
  }

  /** Read the meeting as it is now; asked while that is under way, once more after it. */
  async read(): Promise<void> {
    if (this.reading) {
      this.again = true
      return
    }
    this.reading = true
    const since = this.handlers.since()
    try {
      const answer = await this.socket.call<Followed>('follow', { meeting: this.meeting, since })
      if (this.stopped) return
      this.settle(answer)
      if (since !== null && answer.entries.length >= MOST_ENTRIES) this.again = true
    } catch (error) {
      if (this.stopped) return
      if (error instanceof Refused && error.code !== 'unavailable' && error.code !== 'too_many') {
        this.handlers.refused(error)
      } else if (this.socket.state === 'online') {
        this.later(() => void this.read(), RETRY_MS)
      }
    } finally {
      this.reading = false
      if (this.settledOnce) this.tellEarly()
    }
    if (this.again) {
      this.again = false
      void this.read()
    }
  }

  /** Tells what is about this meeting: in its turn, and nothing before the first answer. */
  private ours<E extends { meeting: string | null; seq?: number }>(tell: (event: E) => void): (event: E) => void {
    return (event) => {
      if (event.meeting !== this.meeting) return
      // the meeting itself is gone for this account: asked again, the hub says so
      if ('what' in event && event.what === 'meeting' && !('value' in event)) void this.read()
      const told = (): void => {
        this.heard = Math.max(this.heard, event.seq ?? 0)
        tell(event)
      }
      if (this.reading) this.early.push(told)
      else if (this.settledOnce) told()
    }
  }

  private settle(answer: Followed): void {
    const { handlers } = this
    this.settledOnce = true
    this.heard = Math.min(answer.seq, answer.documents.seq)
    handlers.settled(answer)
    handlers.presence(answer.presence)
    handlers.anew()
    for (const event of answer.media) handlers.media(event)
    this.tellEarly()
  }

  private tellEarly(): void {
    for (const told of this.early.splice(0)) told()
  }

  private later(what: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      what()
    }, ms)
    this.timers.add(timer)
  }
}
