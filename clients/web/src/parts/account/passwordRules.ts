/** What a password has to be, in words, and whether what is typed is that already: as far as a page can tell. */
import type { PasswordPolicy } from '@/protocol/types'

/** What a hub asks for as it comes. */
export const USUAL: Required<PasswordPolicy> = { shortest: 10, classes: 1, common: true, history: 0, days: 0 }

export interface PasswordRule {
  /** Message key. */
  readonly says: string
  readonly words?: Readonly<Record<string, number>>
  /** Undefined where only the hub can tell. */
  readonly met?: boolean
}

/** Small letters, capitals, digits, others: how many of them; counted as the hub counts. */
export function classesIn(password: string): number {
  const kinds = [...password].map((each) => {
    if (/\p{Nd}/u.test(each)) return 'digit'
    if (/\p{Ll}/u.test(each)) return 'small'
    return /\p{Lu}/u.test(each) ? 'capital' : 'other'
  })
  return new Set(kinds).size
}

export function rulesOf(given: PasswordPolicy, typed: string): readonly PasswordRule[] {
  const policy = { ...USUAL, ...given }
  const rules: PasswordRule[] = [
    { says: 'account.password.rule_shortest', words: { count: policy.shortest }, met: [...typed].length >= policy.shortest },
  ]
  if (policy.classes > 1) rules.push({ says: 'account.password.rule_classes', words: { count: policy.classes }, met: classesIn(typed) >= policy.classes })
  rules.push({ says: 'account.password.rule_name' })
  if (policy.common) rules.push({ says: 'account.password.rule_common' })
  if (policy.history > 0) rules.push({ says: 'account.password.rule_history', words: { count: policy.history } })
  if (policy.days > 0) rules.push({ says: 'account.password.rule_days', words: { count: policy.days } })
  return rules
}
