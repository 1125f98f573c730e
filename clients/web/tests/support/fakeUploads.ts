/** A hub that takes uploads, as far as the page knows one: its lines can be cut and its answers chosen. */
import { Unreachable } from '@/protocol/refusal'
import type { Door, Reply, Request } from '@/protocol/upload'

interface Kept {
  length: number
  type: string
  bytes: number
}

export class FakeUploads {
  readonly asked: string[] = []
  readonly kept = new Map<string, Kept>()
  /** After so many bytes of the next bodies the line is cut, one number a body. */
  cuts: number[] = []
  /** The line is down: nothing is answered. */
  down = false
  /** Answers given instead, by method, one a request. */
  instead: { method: string; status: number; code: string }[] = []
  /** Holds bodies until it is called. */
  hold: Promise<void> | undefined

  readonly door: Door = async (request) => {
    this.asked.push(`${request.method} ${request.headers['Upload-Offset'] ?? ''}`.trim())
    if (this.down || request.signal.aborted) throw new Unreachable('down')
    const at = this.instead.findIndex((one) => one.method === request.method)
    const [chosen] = at < 0 ? [] : this.instead.splice(at, 1)
    if (chosen) return reply(chosen.status, {}, { error: { code: chosen.code, message: chosen.code } })
    return this.answer(request)
  }

  private async answer(request: Request): Promise<Reply> {
    if (request.method === 'POST') {
      const location = `/uploads/${String(this.kept.size + 1)}`
      const type = atob(request.headers['Upload-Metadata']?.split(' ')[1] ?? '')
      this.kept.set(location, { length: Number(request.headers['Upload-Length']), type, bytes: 0 })
      return reply(201, { Location: location })
    }
    const found = this.kept.get(request.path)
    if (found === undefined) return reply(404, {}, { error: { code: 'not_found', message: '' } })
    if (request.method === 'DELETE') {
      this.kept.delete(request.path)
      return reply(204)
    }
    if (request.method === 'PATCH') return this.take(request, found)
    const whole = found.bytes === found.length
    const state = { upload: 'u', offset: found.bytes, bytes: found.length, type: found.type, object: whole ? '5c'.repeat(32) : null }
    return reply(200, {}, state)
  }

  private async take(request: Request, found: Kept): Promise<Reply> {
    if (Number(request.headers['Upload-Offset']) !== found.bytes) return reply(409, {}, { error: { code: 'conflict', message: '' } })
    const size = request.body?.size ?? 0
    request.onSent?.(Math.floor(size / 2))
    if (this.hold) await Promise.race([this.hold, new Promise((_, no) => request.signal.addEventListener('abort', () => no(new Unreachable('cut'))))])
    const cut = this.cuts.shift()
    found.bytes += Math.min(cut ?? size, size)
    if (cut !== undefined) throw new Unreachable('cut')
    request.onSent?.(size)
    return reply(204)
  }
}

function reply(status: number, headers: Record<string, string> = {}, body?: unknown): Reply {
  return { status, header: (name) => headers[name] ?? null, body: body === undefined ? '' : JSON.stringify(body) }
}
