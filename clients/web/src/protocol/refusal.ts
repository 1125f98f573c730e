/** The two ways a request can fail: the hub said no, or the hub was not reached. */
import type { RefusalBody, RefusalCode } from './types'

/** The hub refused. `code` is the contract and is translated by the page; `message` is for logs. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly field?: string,
    /** How long the hub asks to wait before the next try, when it says so. */
    readonly retryAfterMs?: number,
  ) {
    super(message)
  }
}

/** No answer came: the line is down, the hub is away, or what answered was not the hub. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** The line ended while the answer was awaited: what was sent may be what ended it. */
export class LineEnded extends Unreachable {}

/** The hub hung up on this command again and again: it is given up, and nothing of it was carried out that was answered. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp'
}

export function isRefusalBody(body: unknown): body is RefusalBody {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false
  const error = (body as { error: unknown }).error
  return typeof error === 'object' && error !== null && typeof (error as { code?: unknown }).code === 'string'
}

/** The refusal that a body carries, or undefined when it carries none. */
export function refusalOf(body: unknown): Refused | undefined {
  if (!isRefusalBody(body)) return undefined
  return new Refused(body.error.code, body.error.message, body.error.field)
}
