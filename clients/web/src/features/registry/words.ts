/** The words of the registry, fetched with its pages; why the hub refused something of it. */
import { useI18n } from 'vue-i18n'

import { Refused } from '@/protocol/refusal'
import type { HouseholdKind, Relation, Residence } from '@/protocol/types'

import en from './page.en'
import zh from './page.zh'

/** `t` for the own words; words of all pages come by the global `useI18n`. */
export function useRegistryWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

export const RELATIONS: readonly Relation[] = ['head', 'spouse', 'child', 'parent', 'grandchild', 'grandparent', 'sibling', 'lodger', 'other']
export const RESIDENCES: readonly Residence[] = ['registered', 'floating', 'abroad']
export const KINDS: readonly HouseholdKind[] = ['family', 'single', 'rental', 'collective']

/** Key below `bad`, and which person's field it is; undefined: as elsewhere. */
export function whyNot(error: unknown): { key: string; at: number | undefined; field: string } | undefined {
  if (!(error instanceof Refused) || error.field === undefined) return undefined
  const found = /^(?:persons|new)\.(\d+)\.(\w+)$/.exec(error.field)
  const field = found?.[2] ?? error.field
  if (found === null && field !== 'place') return undefined
  const key = error.code === 'conflict' ? 'conflict' : field
  return { key, at: found === null ? undefined : Number(found[1]), field }
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** Whether what looks like an identity card's number (GB 11643) has the right last place. Anything else is left to the hub. */
export function checks(number: string): boolean {
  const text = number.replace(/[\s-]/g, '').toUpperCase()
  if (!/^\d{17}[\dX]$/.test(text)) return true
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(text[at]), 0)
  return '10X98765432'[sum % 11] === text[17]
}

/** An id of a write: sent again, it is answered as the first time. */
export const writeId = (): string => crypto.randomUUID()
