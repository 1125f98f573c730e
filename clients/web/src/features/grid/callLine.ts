/** The phone's line to the hub: one answer held open, in which it is told of its call. Comes back by itself; knows nothing of the page. */
import type { Fetch } from '@/protocol/api'
import { waitMs } from '@/protocol/backOff'
import type { PhoneCallNow, PhoneLineEvent } from '@/protocol/types'

/** The hub writes something at least every 25 s: a line silent for longer is none. */
const SILENT_MS = 40_000
/** A line that ended as it should comes back within this, spread. */
const AGAIN_MS = 300

export class CallLine {
  /** What the hub says: one's call, or none. Told at first and whenever it is another one. */
  onCall: (call: PhoneCallNow | null) => void = () => undefined
  /** Something about orders in one's grids has changed since the line was last heard. */
  onOrders: () => void = () => undefined
  private orders: number | undefined
  private stopped = false
  private attempt = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private abort: AbortController | undefined
  private heardAt = 0

  constructor(
    private readonly fetchLike: Fetch,
    private readonly now: () => number = Date.now,
  ) {}

  start(): void {
    this.stopped = false
    void this.run()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    this.abort?.abort()
  }

  /** The page is looked at again, or the network is another one: a line that may be dead is made anew. */
  nudge(): void {
    if (this.stopped) return
    if (this.abort === undefined) this.again(0)
    else if (this.now() - this.heardAt > SILENT_MS) this.abort.abort()
  }

  private async run(): Promise<void> {
    const abort = new AbortController()
    this.abort = abort
    const watch = setInterval(() => {
      if (this.now() - this.heardAt > SILENT_MS) abort.abort()
    }, 5_000)
    this.heardAt = this.now()
    let ended = false
    try {
      const answer = await this.fetchLike('/api/v1/grid-line', { signal: abort.signal, cache: 'no-store', headers: { Accept: 'text/event-stream' } })
      // whose sign-in is over hears of that elsewhere
      if (answer.status === 401 || answer.status === 403) return
      if (!answer.ok || answer.body === null) throw new Error(String(answer.status))
      this.attempt = 0
      await this.read(answer.body.getReader())
      ended = true
    } catch {
      this.attempt += 1
    } finally {
      clearInterval(watch)
      if (this.abort === abort) this.abort = undefined
    }
    this.again(ended ? Math.random() * AGAIN_MS : waitMs(this.attempt))
  }

  private again(delay: number): void {
    if (this.stopped) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.run(), delay)
  }

  private async read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done || this.stopped) return
      this.heardAt = this.now()
      rest += decoder.decode(value, { stream: true })
      const events = rest.split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        if (!event.startsWith('data: ')) continue
        const { call, orders = 0 } = JSON.parse(event.slice(6)) as PhoneLineEvent
        if (this.orders !== undefined && this.orders !== orders) this.onOrders()
        this.orders = orders
        this.onCall(call)
      }
    }
  }
}
