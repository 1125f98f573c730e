/** One file on its way to the hub by tus 1.0.0: with progress, gone on with after a break, given up at a word. */
import { isRefusalBody, Refused, Unreachable } from './refusal'
import type { RefusalBody, StoredObject, UploadState } from './types'

const UPLOADS = '/api/v1/objects/uploads'
const TUS = '1.0.0'
/** Pauses between tries, in ms; the last one again and again. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000]
/** A line on which nothing has moved for so long is given up, and a new one is tried. */
const STALL_MS = 45_000

export interface Reply {
  readonly status: number
  readonly header: (name: string) => string | null
  readonly body: string
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Blob
  /** How many bytes of the body have gone out. */
  readonly onSent?: (bytes: number) => void
  readonly signal: AbortSignal
}

/** Sends one request. Raises Unreachable when no answer came. */
export type Door = (request: Request) => Promise<Reply>

/** `waiting`: the line broke, it goes on by itself. */
export type Phase = 'sending' | 'waiting' | 'done' | 'refused' | 'cancelled'

export interface Progress {
  readonly phase: Phase
  /** Bytes that have gone out. */
  readonly sent: number
  /** What the hub said no to. */
  readonly refusal?: Refused
  readonly object?: StoredObject
}

export class Upload {
  private readonly stop = new AbortController()
  private wake: (() => void) | undefined
  private location = ''
  private sent = 0

  constructor(
    private readonly file: Blob,
    private readonly type: string,
    private readonly tell: (progress: Progress) => void,
    private readonly door: Door = byXhr,
    private readonly pauses: readonly number[] = PAUSES_MS,
  ) {}

  /** Send it to its end: done, refused or cancelled. Never raises. */
  async run(): Promise<void> {
    let tries = 0
    for (;;) {
      const before = this.sent
      try {
        this.say('sending')
        const object = await this.once()
        this.tell({ phase: 'done', sent: this.file.size, object })
        return
      } catch (error) {
        if (this.stop.signal.aborted) return
        if (error instanceof Refused && !comesBack(error)) {
          this.tell({ phase: 'refused', sent: this.sent, refusal: error })
          return
        }
        tries = this.sent > before ? 0 : tries + 1
        this.say('waiting')
        await this.pause(this.pauses[Math.min(tries, this.pauses.length - 1)] ?? 1000)
        if (this.stop.signal.aborted) return
      }
    }
  }

  /** Give it up; what has come to the hub is taken away there. */
  cancel(): void {
    if (this.stop.signal.aborted) return
    this.stop.abort()
    this.wake?.()
    this.tell({ phase: 'cancelled', sent: this.sent })
    if (this.location !== '') {
      const request = { method: 'DELETE', path: this.location, headers: tus(), signal: new AbortController().signal }
      this.door(request).catch(() => undefined) // the hub's sweep takes it
    }
  }

  /** The line is back: do not wait any longer. */
  goOn(): void {
    this.wake?.()
  }

  /** One try: from where the hub stands to the end. */
  private async once(): Promise<StoredObject> {
    if (this.location === '') await this.begin()
    let state = await this.ask()
    if (state.object === null) {
      await this.send(state.offset)
      state = await this.ask()
    }
    if (state.object === null) throw new Unreachable('the upload is not whole')
    return { object: state.object, bytes: state.bytes, type: state.type }
  }

  private async begin(): Promise<void> {
    const metadata = `filetype ${btoa(this.type)}`
    const headers = tus({ 'Upload-Length': String(this.file.size), 'Upload-Metadata': metadata })
    const reply = await this.call({ method: 'POST', path: UPLOADS, headers })
    this.location = reply.header('Location') ?? ''
    if (this.location === '') throw new Unreachable('an upload without a place')
  }

  private async ask(): Promise<UploadState> {
    try {
      const reply = await this.call({ method: 'GET', path: this.location, headers: {} })
      return JSON.parse(reply.body) as UploadState
    } catch (error) {
      // swept away, or given up elsewhere: the next try begins anew
      if (error instanceof Refused && error.code === 'not_found') {
        this.location = ''
        throw new Unreachable('the upload is gone')
      }
      throw error
    }
  }

  private async send(offset: number): Promise<void> {
    this.sent = offset
    this.say('sending')
    await this.call({
      method: 'PATCH',
      path: this.location,
      headers: tus({ 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }),
      body: this.file.slice(offset),
      onSent: (bytes) => {
        this.sent = offset + bytes
        this.say('sending')
      },
    })
  }

  private async call(request: Omit<Request, 'signal'>): Promise<Reply> {
    const reply = await this.door({ ...request, signal: this.stop.signal })
    if (reply.status >= 200 && reply.status < 300) return reply
    throw failureOf(reply)
  }

  private say(phase: Phase): void {
    if (!this.stop.signal.aborted) this.tell({ phase, sent: this.sent })
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
}

/** What ends by itself: the hub or its disk is away, or stands elsewhere in this upload than we thought. */
function comesBack(refusal: Refused): boolean {
  return refusal.code === 'unavailable' || refusal.code === 'conflict' || refusal.code === 'malformed'
}

function tus(more: Record<string, string> = {}): Record<string, string> {
  return { 'Tus-Resumable': TUS, ...more }
}

function failureOf(reply: Reply): Error {
  let body: unknown
  try {
    body = JSON.parse(reply.body)
  } catch {
    body = undefined
  }
  if (!isRefusalBody(body)) return new Unreachable(`an upload: ${String(reply.status)}`)
  const { code, message, field }: RefusalBody['error'] = body.error
  return new Refused(code, message, field)
}

/** The browser's way: fetch does not tell how much of a body has gone out. */
const byXhr: Door = (request) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    let stalled: ReturnType<typeof setTimeout> | undefined
    const watch = (): void => {
      clearTimeout(stalled)
      stalled = setTimeout(() => xhr.abort(), STALL_MS)
    }
    const abort = (): void => xhr.abort()
    const fail = (): void => reject(new Unreachable(`${request.method} ${request.path}: no answer`))
    xhr.open(request.method, request.path)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = (event) => {
      watch()
      request.onSent?.(event.loaded)
    }
    xhr.onload = () => resolve({ status: xhr.status, header: (name) => xhr.getResponseHeader(name), body: xhr.responseText })
    xhr.onerror = fail
    xhr.onabort = fail
    xhr.onloadend = () => {
      clearTimeout(stalled)
      request.signal.removeEventListener('abort', abort)
    }
    request.signal.addEventListener('abort', abort)
    watch()
    xhr.send(request.body ?? null)
  })
