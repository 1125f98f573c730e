/** A hub in memory behind the page's wire: a journal, idempotent commands, and a line that can be cut. */
import { LineEnded, Refused, Unreachable } from '@/protocol/refusal'
import type { Answer, Command, Entry, Hello, RefusalCode, Snapshot } from '@/protocol/types'
import type { Wire, WireHandlers } from '@/protocol/wire'

import { entry, followed, LEADER, snapshot } from './examples'

export class FakeHub {
  readonly journal: Entry[] = []
  /** Ids of commands in the order of their arrival, repetitions included. */
  readonly arrivals: string[] = []
  readonly follows: (number | null)[] = []
  snapshot: () => Snapshot = () => snapshot({ seq: this.seq })
  /** Carry out commands and lose the answers, as when the line breaks in between. */
  loseAnswers = false
  /** Texts at which the hub hangs up instead of answering. */
  hangsUpAt: string | undefined
  /** Refuse the next commands with these codes, one each. */
  refuse: RefusalCode[] = []
  up = false
  /** Nobody answers those who come. */
  away = false
  /** How often somebody came. */
  dialled = 0
  /** Nothing of what is called is answered, and nobody notices. */
  deaf = false
  /** What the greeting says beside the usual. */
  greeting: Partial<Hello> = {}
  private readonly answers = new Map<string, Answer>()
  private handlers: WireHandlers | undefined

  get seq(): number {
    return this.journal.at(-1)?.seq ?? 2
  }

  readonly wire: Wire = {
    attach: (handlers) => {
      this.handlers = handlers
    },
    open: () => {
      this.dialled += 1
      if (this.away) this.handlers?.failed()
      else this.connect()
    },
    close: () => {
      if (this.up) this.cut()
    },
    call: async (name, body) => {
      await Promise.resolve()
      if (!this.up || this.deaf) throw new Unreachable('not connected')
      return this.answer(name, body)
    },
  }

  connect(): void {
    this.up = true
    this.deaf = false
    this.handlers?.up()
    this.tell('hello', { account: LEADER, calls: [], orders: [], checks: [], seq: this.seq, demo: false, can: [], ...this.greeting })
  }

  cut(): void {
    this.up = false
    this.handlers?.down()
  }

  /** Nothing new, but there. */
  ping(): void {
    if (this.up) this.handlers?.heard()
  }

  turnAway(why: string): void {
    this.up = false
    this.handlers?.refused(why)
  }

  tell(name: string, data: unknown): void {
    if (this.up) this.handlers?.event(name, data)
  }

  /** Something happens; those connected hear of it. */
  write(fact: Entry): void {
    this.journal.push(fact)
    this.tell('entry', fact)
  }

  private answer(name: string, body: unknown): unknown {
    if (name === 'command') return this.command(body as Command)
    if (name === 'follow') {
      const { since } = body as { since: number | null }
      this.follows.push(since)
      return followed(this.snapshot(), { entries: this.journal.filter((one) => one.seq > (since ?? 0)) })
    }
    return {}
  }

  private command(command: Command): Answer {
    this.arrivals.push(command.id)
    if (this.hangsUpAt !== undefined && (command.data as { text?: string }).text === this.hangsUpAt) {
      this.cut()
      throw new LineEnded('the hub hung up')
    }
    const code = this.refuse.shift()
    if (code !== undefined) throw new Refused(code, code)
    const before = this.answers.get(command.id)
    if (before !== undefined) return before
    const data = { text: (command.data as { text?: string }).text ?? '', decision: command.id }
    const fact = entry(this.seq + 1, 'decision.recorded', {
      ...data,
      by: { account: 'a_leader', name: '王某', center: '', center_name: '' },
    })
    const answer = { seq: fact.seq, entries: [fact] }
    this.answers.set(command.id, answer)
    this.write(fact)
    if (this.loseAnswers) throw new Unreachable('the line broke')
    return answer
  }
}
