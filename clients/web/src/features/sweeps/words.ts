/** The words of the pages of sweeps, fetched with them, and how a sweep stands. */
import { useI18n } from 'vue-i18n'

import { leftOf } from '@/protocol/sweepsApi'
import type { SweepTold } from '@/protocol/types'

import en from './page.en'
import zh from './page.zh'

/** `t` for the own words; words of all pages come by the global `useI18n`. */
export function useSweepWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

/** How a sweep stands, as a word of `state`. */
export function standingOf(one: SweepTold, now: number): 'open' | 'late' | 'done' | 'closed' | 'forgotten' {
  if (one.state !== 'open') return one.state
  if (leftOf(one.counts) + one.counts.absent + one.counts.refused === 0) return 'done'
  return one.due !== null && Date.parse(one.due) < now ? 'late' : 'open'
}

/** 11-29 16:05, local */
export function momentText(at: string): string {
  const time = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`
}
