/** What a failure is called on the page: by the refusal's code, never by the hub's English. */
import { GivenUp, Refused, Unreachable } from '@/protocol/refusal'

/** The message key that explains an error to a person. */
export function explanation(error: unknown): string {
  if (error instanceof Refused) return error.code === 'internal' ? 'common.refusal.unknown' : `common.refusal.${error.code}`
  if (error instanceof GivenUp) return 'common.refusal.given_up'
  if (error instanceof Unreachable) return 'common.refusal.unreachable'
  return 'common.refusal.unknown'
}
