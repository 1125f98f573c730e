/** The outbox: every command gets an id here and is sent again, under the same id, until the hub answers it. */
import { newCommandId } from './ids'
import { Refused } from './refusal'
import type { Answer, Command, CommandData, CommandKind } from './types'

export type Send = (command: Command) => Promise<Answer>

/** Where unanswered commands outlive a reload of the page (`sessionStorage` of the tab). */
export interface OutboxStorage {
  load: () => Command[]
  save: (commands: Command[]) => void
}

export const forgetful: OutboxStorage = { load: () => [], save: () => undefined }

interface Waiting {
  command: Command
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

/** The hub could not do it now and may do so later: sending again is right, under the same id. */
const PASSING = new Set(['unavailable', 'too_many'])
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5000

export class Outbox {
  /** Told whenever the number of unanswered commands changes. */
  onPending: (count: number) => void = () => undefined
  private readonly queue: Waiting[] = []
  private working = false
  private wake: (() => void) | undefined

  constructor(
    private readonly send: Send,
    private readonly storage: OutboxStorage = forgetful,
    private readonly makeId: () => string = newCommandId,
  ) {
    for (const command of storage.load()) {
      this.queue.push({ command, resolve: () => undefined, reject: () => undefined })
    }
  }

  get pending(): number {
    return this.queue.length
  }

  /**
   * Have a command carried out, in the order of submission. Resolves with the hub's answer, however many
   * connections that takes; raises Refused when the hub says no for good.
   */
  async submit<K extends CommandKind>(kind: K, data: CommandData[K], meeting?: string): Promise<Answer> {
    const command: Command<K> = { id: this.makeId(), kind, data }
    if (meeting !== undefined) command.meeting = meeting
    const answer = new Promise<Answer>((resolve, reject) => {
      this.queue.push({ command: command as Command, resolve, reject })
    })
    this.changed()
    void this.work()
    return answer
  }

  /** The line is (back) up: send at once what waits. */
  resume(): void {
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
        } else {
          await this.pause(error instanceof Refused ? (error.retryAfterMs ?? delay) : delay)
          delay = Math.min(delay * 2, LONGEST_RETRY_MS)
          continue
        }
      }
      delay = FIRST_RETRY_MS
    }
    this.working = false
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
    this.storage.save(this.queue.map((waiting) => waiting.command))
    this.onPending(this.queue.length)
  }
}

/** Unanswered commands of one account in this tab. */
export function tabStorage(account: string, storage: Storage): OutboxStorage {
  const key = `lianxian.outbox.${account}`
  return {
    load() {
      try {
        return JSON.parse(storage.getItem(key) ?? '[]') as Command[]
      } catch {
        return []
      }
    },
    save(commands) {
      if (commands.length === 0) storage.removeItem(key)
      else storage.setItem(key, JSON.stringify(commands))
    },
  }
}
