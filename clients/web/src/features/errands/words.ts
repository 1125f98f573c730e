/** The words of the page of errands, fetched with it, and how an errand is said. */
import { useI18n } from 'vue-i18n'

import type { ErrandTold } from '@/protocol/types'

import en from './page.en'
import zh from './page.zh'

/** `t` for the own words; words of all pages come by the global `useI18n`. */
export function useErrandWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

export const KINDS = ['medicine', 'food', 'clinic', 'papers', 'repair', 'ride', 'other'] as const satisfies readonly ErrandTold['kind'][]
export const STATES = ['open', 'asked', 'taken', 'handed', 'done', 'dropped'] as const

export const isOpen = ({ state }: Pick<ErrandTold, 'state'>): boolean => state === 'asked' || state === 'taken' || state === 'handed'

/** Whether it goes on and should be done by now. */
export const isLate = (one: Pick<ErrandTold, 'state' | 'due'>, now: number): boolean => isOpen(one) && one.due !== null && Date.parse(one.due) < now

/** Yuan as typed, in 1/100 yuan; null for nothing, undefined for what is no amount. */
export function centsOf(typed: string): number | null | undefined {
  const text = typed.trim()
  if (text === '') return null
  return /^\d{1,5}(?:\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined
}

/** 4.5 of stars over how many were rated; undefined for none. */
export function meanOf({ stars, rated }: { readonly stars: number; readonly rated: number }): string | undefined {
  return rated === 0 ? undefined : (stars / rated).toFixed(1)
}
