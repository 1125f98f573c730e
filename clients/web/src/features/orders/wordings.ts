/** What orders begin from: its words with places to fill, by when it is due, whom it is for. */
import { useI18n } from 'vue-i18n'

import { readWordings } from '@/protocol/wordingsApi'
import type { Center, Group, OrderWording } from '@/protocol/types'
import { membersOf } from '@/state/groups'
import { keptList, type KeptList } from '@/state/keptList'
import type { Live } from '@/state/live'

import type { Centers } from '../contract'
import en from './wordings.en'
import zh from './wordings.zh'

/** Its words, which come with what shows them; `span`: `90 分钟`, `2 小时`. */
export function useWordingWords() {
  const { t: say } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  const t = (key: string, words?: Record<string, string | number>): string => say(key, words ?? {})
  return {
    t,
    span(minutes: number): string {
      if (minutes >= 1440 && minutes % 1440 === 0) return t('span.days', { count: minutes / 1440 })
      return minutes >= 60 && minutes % 60 === 0 ? t('span.hours', { count: minutes / 60 }) : t('span.minutes', { count: minutes })
    },
  }
}

/** Those of one's center, live. Lives as long as the calling scope. */
export function useWordings(live: Pick<Live, 'socket'>): KeptList<OrderWording> {
  return keptList(live, 'wording', () => readWordings())
}

/** The places to fill in these words, each once: `【水位】`. */
export function slotsOf(text: string): string[] {
  return [...new Set(text.match(/【[^【】\n]{1,40}】/g) ?? [])]
}

/** The first of these places that still stands in the text from here on, else from its beginning: where it begins and ends. */
export function nextSlot(text: string, slots: readonly string[], from: number): { readonly start: number; readonly end: number } | undefined {
  const found = slots
    .flatMap((slot) => [text.indexOf(slot, from), text.indexOf(slot)].filter((at) => at >= 0).map((start) => ({ start, end: start + slot.length })))
    .sort((one, other) => Number(one.start < from) - Number(other.start < from) || one.start - other.start)
  return found[0]
}

/** What a form takes from one: its words, and whom it is for where that is said. */
export interface Begun {
  readonly wording: OrderWording
  readonly centers: Centers | undefined
}

/** The centers that its group means now; undefined where it names none, or one that is no more. */
export function centersOf(wording: OrderWording, groups: readonly Group[], centers: readonly Center[], nameOf: (code: string) => string): Centers | undefined {
  const group = groups.find((one) => one.id === wording.group)
  return group === undefined ? undefined : membersOf(group, centers).map((code) => ({ code, name: nameOf(code) }))
}
