/** Following one meeting over the socket: its view, kept true across lost connections and late entries. */
import type { Off } from './emitter'
import { fold, type MeetingView, viewOf } from './meeting'
import { Refused } from './refusal'
import type { HubSocket } from './socket'
import type { Entry, Followed, MediaEvent, ParticipantPresence } from './types'

export interface FollowHandlers {
  view: (view: MeetingView) => void
  presence: (participants: ParticipantPresence[]) => void
  /** Also each event that holds when the follow begins or is taken up again. */
  media: (event: MediaEvent) => void
  /** All events that hold now follow at once: what was known of lines before holds no longer. */
  anew: () => void
  /** The meeting may not be followed any longer. */
  refused: (error: Refused) => void
}

/** How long after an answer its entries may be on their way before the meeting is read again. */
const EXPECT_MS = 2000
const RETRY_MS = 1000

export class Following {
  view: MeetingView | undefined
  private readonly offs: Off[] = []
  private early: Entry[] = []
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
    this.offs.push(
      this.socket.on('hello', () => void this.read()),
      this.socket.on('entry', (entry) => {
        if (entry.meeting === this.meeting) this.take(entry)
      }),
      this.socket.on('participants', (event) => {
        if (event.meeting === this.meeting) this.handlers.presence(event.participants)
      }),
      this.socket.on('media', (event) => {
        if (event.meeting === this.meeting) this.handlers.media(event)
      }),
    )
    if (this.socket.state === 'online') void this.read()
  }

  stop(): void {
    this.stopped = true
    for (const off of this.offs.splice(0)) off()
    for (const timer of this.timers) clearTimeout(timer)
    void this.socket.call('unfollow', { meeting: this.meeting }).catch(() => undefined)
  }

  /** An answer named this seq: if its entry does not come by itself, ask for it. */
  expect(seq: number): void {
    if (this.expected !== undefined) {
      this.expected = Math.max(this.expected, seq)
      return
    }
    this.expected = seq
    this.later(() => {
      const { expected = 0 } = this
      this.expected = undefined
      if (this.view !== undefined && this.view.seq < expected) void this.read()
    }, EXPECT_MS)
  }

  private take(entry: Entry): void {
    if (this.view === undefined || this.reading) {
      this.early.push(entry)
      return
    }
    const { status, view } = fold(this.view, entry)
    if (status === 'late') this.expect(Number.POSITIVE_INFINITY)
    if (status === 'applied') this.show(view)
  }

  /** Ask for the meeting as it is now and everything since the newest entry known. */
  private async read(): Promise<void> {
    if (this.reading) {
      this.again = true
      return
    }
    this.reading = true
    const since = this.view?.seq ?? 0
    try {
      const answer = await this.socket.call<Followed>('follow', { meeting: this.meeting, since })
      if (this.stopped) return
      this.settle(answer)
    } catch (error) {
      if (this.stopped) return
      if (error instanceof Refused && error.code !== 'unavailable' && error.code !== 'too_many') {
        this.handlers.refused(error)
      } else if (this.socket.state === 'online') {
        this.later(() => void this.read(), RETRY_MS)
      }
    } finally {
      this.reading = false
    }
    if (this.again) {
      this.again = false
      void this.read()
    }
  }

  private settle(answer: Followed): void {
    let view = viewOf(answer.snapshot, [...(this.view?.log ?? []), ...answer.entries])
    for (const entry of this.early.splice(0).sort((a, b) => a.seq - b.seq)) {
      const step = fold(view, entry)
      if (step.status === 'applied') view = step.view
    }
    this.show(view)
    this.handlers.presence(answer.presence)
    this.handlers.anew()
    for (const event of answer.media) this.handlers.media(event)
  }

  private show(view: MeetingView): void {
    this.view = view
    this.handlers.view(view)
  }

  private later(what: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      what()
    }, ms)
    this.timers.add(timer)
  }
}
