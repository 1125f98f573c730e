/** The words of these pages, and moments in them. */
import { useI18n } from 'vue-i18n'

import { explanation } from '@/i18n/explain'
import { dateTimeText } from '@/parts/now'

import en from './pages.en'
import zh from './pages.zh'

export interface Wording {
  readonly t: (key: string, words?: Record<string, string | number>) => string
  /** Day and minute, local. */
  at: (moment: string) => string
  who: (by: { center_name: string; name: string } | null | undefined) => string
  /** Why something did not work, in words. */
  why: (error: unknown) => string
  /** The hub's word for the language of the page. */
  language: () => 'zh' | 'en'
}

export function usePages(): Wording {
  const { t: say, locale } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  const { t: global } = useI18n({ useScope: 'global' })
  return {
    t: (key, words) => say(key, words ?? {}),
    at: (moment) => dateTimeText(moment).slice(0, -3),
    who: (by) => (by ? `${by.center_name} ${by.name}` : ''),
    why: (error) => global(explanation(error)),
    language: () => (locale.value === 'en' ? 'en' : 'zh'),
  }
}
