/** The words of these pages, and moments in them. */
import { useI18n } from 'vue-i18n'

import { explanation } from '@/i18n/explain'
import { bytesText } from '@/parts/bytes'
import { dateTimeText } from '@/parts/now'

import en from './pages.en'
import zh from './pages.zh'

export interface Wording {
  readonly t: (key: string, words?: Record<string, string | number>) => string
  /** Day and minute, local. */
  readonly at: (moment: string) => string
  /** How many things, and what they take where that is something. */
  readonly much: (of: { items: number; bytes: number }) => string
  readonly who: (by: { center_name: string; name: string } | null) => string
  /** Why something did not work, in words. */
  readonly why: (error: unknown) => string
}

export function usePages(): Wording {
  const { t: say } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  const { t: global } = useI18n({ useScope: 'global' })
  return {
    t: (key, words) => say(key, words ?? {}),
    at: (moment) => dateTimeText(moment).slice(0, -3),
    much: ({ items, bytes }) => say(bytes > 0 ? 'items' : 'itemsOnly', { items, bytes: bytesText(bytes) }),
    who: (by) => (by ? `${by.center_name} ${by.name}` : ''),
    why: (error) => global(explanation(error)),
  }
}
