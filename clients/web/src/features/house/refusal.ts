/** Why the hub refused something of the house, in words: by code and field where there are any, else by code. */
import { explanation } from '@/i18n/explain'
import { Refused } from '@/protocol/refusal'

/** The message key; `has` says whether there is such a message. */
export function whyRefused(error: unknown, has: (key: string) => boolean): string {
  if (error instanceof Refused && error.field !== undefined) {
    const own = `house.refused.${error.code}_${error.field}`
    if (has(own)) return own
  }
  return explanation(error)
}
