/** The room's own words, and how its numbers and times are said. */
import { useI18n } from 'vue-i18n'

import type { Clearing, ClearingCounts } from '@/protocol/types'

import en from './page.en'
import zh from './page.zh'

/** `t` for the room's own words; words of all pages come by the global `useI18n`. */
export function useListWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

/** Rows of which nothing is known yet. */
export function leftOf(counts: ClearingCounts): number {
  return counts.total - counts.normal - counts.abnormal - counts.absent - counts.moved
}

/** 0 to 100, and 100 only when nothing is left. */
export function shareOf(counts: ClearingCounts): number {
  return counts.total === 0 ? 100 : Math.floor(((counts.total - leftOf(counts)) * 100) / counts.total)
}

/** How a list stands, as a word of `state`. */
export function standingOf(one: Clearing, now: number): 'loaded' | 'issued' | 'cleared' | 'late' | 'deleted' {
  if (one.state !== 'issued') return one.state
  if (leftOf(one.counts) === 0) return 'cleared'
  return one.due !== null && Date.parse(one.due) < now ? 'late' : 'issued'
}

/** 11-29 16:05, local */
export function momentText(at: string): string {
  const time = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`
}
