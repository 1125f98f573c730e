/**
 * Sends what the queue holds: at the start, when the line or the page comes back, after each success, and else after a pause that
 * grows. Of several tabs one sends. Words go before photos: a slow picture holds up its own household alone.
 */
import { waitMs } from '@/protocol/backOff'
import { Refused, Unreachable } from '@/protocol/refusal'

import type { Item, Queue } from './queue'

/** What became of one command: the entry's seq, or the hub's no. */
export type Outcome = { readonly seq: number; readonly conflict?: boolean } | { readonly refusal: Refused }

/** The hub, as far as sending needs it. Raises Unreachable, and Refused for what is no answer to one command. */
export interface Door {
  /** Of each the outcome, in order; a hub that answered fewer answered the first ones. */
  send: (items: readonly Item[]) => Promise<readonly Outcome[]>
  /** Raises Refused for a file that is not taken. */
  upload: (bytes: ArrayBuffer, type: string) => Promise<string>
}

/** `ended`: the sign-in is no more, nothing is sent. */
export type Standing = 'idle' | 'sending' | 'waiting' | 'ended'

export interface SenderParts {
  /** Of several tabs one sends; without locks each does, and the ids of commands keep it from harm. */
  readonly locks?: Pick<LockManager, 'request'> | undefined
  readonly now?: () => number
  readonly chance?: () => number
}

/** It may be otherwise later: the same command is sent again. */
const PASSING = new Set(['unavailable', 'too_many', 'no_room'])
/** Who is not signed in any more, or not for this. */
const OVER = new Set(['unauthenticated', 'second_factor_needed', 'password_needed'])
const AT_ONCE = 20
const LONGEST_MS = 60_000
const LOCK = 'lianxian.grid.sender'

export class Sender {
  /** Told of each change of how it stands. */
  onStanding: (standing: Standing) => void = () => undefined
  /** The sign-in is no more. */
  onEnded: () => void = () => undefined
  standing: Standing = 'idle'
  private readonly locks: Pick<LockManager, 'request'> | undefined
  private readonly now: () => number
  private readonly chance: () => number
  private readonly stopping = new AbortController()
  private wake: () => void = () => undefined
  private poked = false
  private failures = 0

  constructor(
    private readonly queue: Queue,
    private readonly door: Door,
    { locks, now = () => Date.now(), chance = Math.random }: SenderParts = {},
  ) {
    this.locks = locks
    this.now = now
    this.chance = chance
  }

  /** Send until stopped; resolves then. */
  async run(): Promise<void> {
    if (this.locks === undefined) {
      await this.work()
      return
    }
    try {
      await this.locks.request(LOCK, { signal: this.stopping.signal }, async () => this.work())
    } catch (error) {
      if (!this.stopping.signal.aborted) throw error
    }
  }

  /** Something is to be sent, or the line is back: do not wait any longer. */
  poke(): void {
    this.failures = 0
    this.poked = true
    this.wake()
  }

  stop(): void {
    this.stopping.abort()
    this.wake()
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const { due, nextAt } = await this.queue.heads()
        if (due.length === 0) {
          this.stand('idle')
          await this.pause(nextAt === undefined ? undefined : Math.max(0, nextAt - this.now()))
          continue
        }
        this.stand('sending')
        await this.some(due)
        this.failures = 0
      } catch (error) {
        // whoever stops it closes the disk, too
        if (this.stopping.signal.aborted) break
        if (error instanceof Refused && OVER.has(error.code)) {
          this.stand('ended')
          this.onEnded()
          return
        }
        // A disk that refuses now may take it in a minute: whatever it is, what waits is tried again.
        this.failures += 1
        this.stand('waiting')
        const asked = error instanceof Refused ? (error.retryAfterMs ?? 0) : 0
        await this.pause(Math.max(asked, Math.min(LONGEST_MS, waitMs(this.failures, 0, this.chance()) * Math.max(1, this.failures - 3))))
      }
    }
    this.stand('idle')
  }

  /** Send what is ready, or bring one photo to the hub. */
  private async some(due: readonly Item[]): Promise<void> {
    const ready = due.filter((item) => item.photos.every(({ object }) => item.there.includes(object))).slice(0, AT_ONCE)
    if (ready.length === 0) {
      const [first] = due
      if (first !== undefined) await this.bring(first)
      return
    }
    const begun: Item[] = []
    for (const { id } of ready) {
      const item = (await this.queue.begin(id)) ? await this.queue.item(id) : undefined
      if (item !== undefined) begun.push(item)
    }
    const outcomes = await this.door.send(begun)
    let passing: Refused | undefined
    for (const [at, outcome] of outcomes.entries()) {
      const item = begun[at]
      if (item === undefined) break
      if ('seq' in outcome) await this.queue.sent(item.id, outcome.seq, outcome.conflict)
      else if (PASSING.has(outcome.refusal.code) || OVER.has(outcome.refusal.code)) passing ??= outcome.refusal
      // swept away before the command came: it is brought again
      else if (isAboutPhotos(item, outcome.refusal)) await this.queue.notThere(item.id)
      else await this.queue.refused(item.id, outcome.refusal.code, outcome.refusal.field)
    }
    if (passing !== undefined) throw passing
  }

  private async bring(item: Item): Promise<void> {
    if (!(await this.queue.begin(item.id))) return
    const photo = item.photos.find(({ object }) => !item.there.includes(object))
    if (photo === undefined) return
    const bytes = await this.queue.photo(item, photo.object)
    if (bytes === undefined) {
      await this.queue.refused(item.id, 'photo_lost')
      return
    }
    try {
      const object = await this.door.upload(bytes, photo.type)
      if (object === photo.object) await this.queue.uploaded(item.id, object)
      else throw new Unreachable('the photo came to the hub as another one')
    } catch (error) {
      if (!(error instanceof Refused) || PASSING.has(error.code) || OVER.has(error.code)) throw error
      await this.queue.refused(item.id, error.code, 'photos')
    }
  }

  private stand(standing: Standing): void {
    if (this.standing === standing) return
    this.standing = standing
    this.onStanding(standing)
  }

  /** Until somebody pokes; at the latest after so long. */
  private async pause(ms: number | undefined): Promise<void> {
    if (this.poked || this.stopping.signal.aborted) {
      this.poked = false
      return
    }
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.wake = () => undefined
    this.poked = false
  }
}

/** The hub does not know a photo that it had. That is believed once; then the command is refused like any other. */
function isAboutPhotos(item: Item, refusal: Refused): boolean {
  const field = refusal.field ?? ''
  return item.photos.length > 0 && !item.forgotten && refusal.code === 'not_found' && (field === 'object' || field.startsWith(item.photosIn ?? 'photos'))
}

/** Poke at whatever may mean that the line is back; returns what ends it. */
export function pokeWhenBack(sender: Pick<Sender, 'poke'>): () => void {
  const back = (): void => {
    sender.poke()
  }
  const shown = (): void => {
    if (document.visibilityState === 'visible') sender.poke()
  }
  window.addEventListener('online', back)
  window.addEventListener('pageshow', back)
  document.addEventListener('visibilitychange', shown)
  return () => {
    window.removeEventListener('online', back)
    window.removeEventListener('pageshow', back)
    document.removeEventListener('visibilitychange', shown)
  }
}
