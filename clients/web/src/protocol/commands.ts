/**
 * The outbox: every command gets an id here and is sent again, under the same id, until the hub answers it. One alone is
 * given up unanswered: the one that makes the hub hang up, again and again, on a line that otherwise stands.
 */
import { newCommandId } from './ids'
import { GivenUp, LineEnded, Refused } from './refusal'
import type { Answer, Command, CommandData, CommandKind } from './types'
import { wellFormed } from './wellFormed'

export type Send = (command: Command) => Promise<Answer>

/** A command, and how often the line ended over it. */
export interface Kept {
  readonly command: Command
  readonly ended: number
  /** ms since 1970 of its submission; a page of before did not keep it. */
  readonly at?: number
}

/** A command that is not sent any more. `hungUp`: the hub hangs up on it; `late`: it was meant for a moment that is long past. */
export interface NotSent {
  readonly command: Command
  readonly why: 'hungUp' | 'late'
}

/** Where unanswered commands outlive a reload of the page (`sessionStorage` of the tab). */
export interface OutboxStorage {
  load: () => Kept[]
  save: (kept: readonly Kept[]) => void
}

export const forgetful: OutboxStorage = { load: () => [], save: () => undefined }

interface Waiting {
  command: Command
  at: number
  ended: number
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

/** The hub could not do it now and may do so later: sending again is right, under the same id. */
const PASSING = new Set(['unavailable', 'too_many'])
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5000
/** From so many ends of the line on a command is under suspicion: it is sent only once the line has stood for a while (ms). */
const SUSPECT_AFTER = 2
const STEADY_MS = 2000
/** What moves a meeting is meant for the moment it was pressed in: sent so much later (ms), it would surprise everybody. */
const MOMENT_MS = 60_000
const OF_THE_MOMENT = /^(floor|stage|participant)\.|^meeting\.(call|decline|end)$|^recording\.|^check\.start$/

/** So many ends over one command, and it is given up. */
const GIVEN_UP_AFTER = 4

export class Outbox {
  /** Told whenever the number of unanswered commands changes. */
  onPending: (count: number) => void = () => undefined
  /** Told of each command that was given up, those of before a reload included. */
  onGivenUp: (one: NotSent) => void = () => undefined
  private readonly queue: Waiting[] = []
  private working = false
  private wake: (() => void) | undefined
  /** How often the line came up. */
  private lines = 0

  constructor(
    private readonly send: Send,
    private readonly storage: OutboxStorage = forgetful,
    private readonly makeId: () => string = newCommandId,
    /** ms since 1970. */
    private readonly now: () => number = () => Date.now(),
  ) {
    for (const { command, ended, at = 0 } of storage.load()) {
      this.queue.push({ command: wellFormed(command), at, ended, resolve: () => undefined, reject: () => undefined })
    }
  }

  get pending(): number {
    return this.queue.length
  }

  /**
   * Have a command carried out, in the order of submission. Resolves with the hub's answer, however many
   * connections that takes; raises Refused when the hub says no for good, GivenUp when it hangs up on it every time.
   */
  async submit<K extends CommandKind>(kind: K, data: CommandData[K], meeting?: string): Promise<Answer> {
    const command: Command<K> = { id: this.makeId(), kind, data: wellFormed(data) }
    if (meeting !== undefined) command.meeting = meeting
    const answer = new Promise<Answer>((resolve, reject) => {
      this.queue.push({ command: command as Command, at: this.now(), ended: 0, resolve, reject })
    })
    this.changed()
    void this.work()
    return answer
  }

  /** The line is (back) up: send at once what waits. */
  resume(): void {
    this.lines += 1
    this.wake?.()
    void this.work()
  }

  private async work(): Promise<void> {
    if (this.working) return
    this.working = true
    let delay = FIRST_RETRY_MS
    for (let first = this.queue[0]; first !== undefined; first = this.queue[0]) {
      if (this.isLate(first)) {
        this.giveUp(first, 'late')
        continue
      }
      try {
        const answer = await this.send(first.command)
        this.queue.shift()
        this.changed()
        first.resolve(answer)
      } catch (error) {
        if (error instanceof Refused && !PASSING.has(error.code)) {
          this.queue.shift()
          this.changed()
          first.reject(error)
        } else if (error instanceof LineEnded && this.endedOver(first)) {
          this.giveUp(first, 'hungUp', error)
        } else {
          await this.pause(error instanceof Refused ? (error.retryAfterMs ?? delay) : delay)
          delay = Math.min(delay * 2, LONGEST_RETRY_MS)
          if (first.ended >= SUSPECT_AFTER) await this.steady()
          continue
        }
      }
      delay = FIRST_RETRY_MS
    }
    this.working = false
  }

  private isLate({ command, at }: Waiting): boolean {
    return OF_THE_MOMENT.test(command.kind) && this.now() - at > MOMENT_MS
  }

  private giveUp(waiting: Waiting, why: NotSent['why'], cause?: unknown): void {
    this.queue.shift()
    this.changed()
    waiting.reject(new GivenUp(waiting.command.kind, { cause }))
    this.onGivenUp({ command: waiting.command, why })
  }

  /** Counts one more end of the line over this command; whether it is to be given up. */
  private endedOver(waiting: Waiting): boolean {
    waiting.ended += 1
    this.changed()
    return waiting.ended >= GIVEN_UP_AFTER
  }

  /** Until one and the same line has stood for a while: a line that falls by itself is no fault of a command. */
  private async steady(): Promise<void> {
    for (let line = -1; line !== this.lines; ) {
      line = this.lines
      await new Promise<void>((resolve) => setTimeout(resolve, STEADY_MS))
    }
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.wake = undefined
  }

  private changed(): void {
    this.storage.save(this.queue.map(({ command, ended, at }) => ({ command, ended, at })))
    this.onPending(this.queue.length)
  }
}

/** Unanswered commands of one account in this tab. */
export function tabStorage(account: string, storage: Storage): OutboxStorage {
  const key = `lianxian.outbox.${account}`
  return {
    load() {
      try {
        const stored = JSON.parse(storage.getItem(key) ?? '[]') as (Kept | Command)[]
        // a page of before kept the commands alone
        return stored.map((one) => ('command' in one ? one : { command: one, ended: 0 }))
      } catch {
        return []
      }
    },
    save(kept) {
      try {
        if (kept.length === 0) storage.removeItem(key)
        else storage.setItem(key, JSON.stringify(kept))
      } catch {
        // no room: they are sent all the same, as long as the page lives
      }
    },
  }
}
