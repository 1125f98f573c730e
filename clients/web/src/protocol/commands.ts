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
}

/** Where unanswered commands outlive a reload of the page (`sessionStorage` of the tab). */
export interface OutboxStorage {
  load: () => Kept[]
  save: (kept: readonly Kept[]) => void
}

export const forgetful: OutboxStorage = { load: () => [], save: () => undefined }

interface Waiting {
  command: Command
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
/** So many ends over one command, and it is given up. */
const GIVEN_UP_AFTER = 4

export class Outbox {
  /** Told whenever the number of unanswered commands changes. */
  onPending: (count: number) => void = () => undefined
  /** Told of each command that was given up, those of before a reload included. */
  onGivenUp: (command: Command) => void = () => undefined
  private readonly queue: Waiting[] = []
  private working = false
  private wake: (() => void) | undefined
  /** How often the line came up. */
  private lines = 0

  constructor(
    private readonly send: Send,
    private readonly storage: OutboxStorage = forgetful,
    private readonly makeId: () => string = newCommandId,
  ) {
    for (const { command, ended } of storage.load()) {
      this.queue.push({ command: wellFormed(command), ended, resolve: () => undefined, reject: () => undefined })
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
      this.queue.push({ command: command as Command, ended: 0, resolve, reject })
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
          this.queue.shift()
          this.changed()
          first.reject(new GivenUp(first.command.kind, { cause: error }))
          this.onGivenUp(first.command)
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
    this.storage.save(this.queue.map(({ command, ended }) => ({ command, ended })))
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
      if (kept.length === 0) storage.removeItem(key)
      else storage.setItem(key, JSON.stringify(kept))
    },
  }
}
