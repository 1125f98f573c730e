/** The words of these pages, and spans of time in them. */
import { useI18n } from 'vue-i18n'

import en from './pages.en'
import zh from './pages.zh'

export interface Wording {
  readonly t: (key: string, words?: Record<string, string | number>) => string
  /** `90 分钟`, `2 小时` */
  span: (minutes: number) => string
}

export function usePages(): Wording {
  const { t: say } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  const t: Wording['t'] = (key, words) => say(key, words ?? {})
  return {
    t,
    span(minutes) {
      if (minutes >= 1440 && minutes % 1440 === 0) return t('span.days', { count: minutes / 1440 })
      return minutes >= 60 && minutes % 60 === 0 ? t('span.hours', { count: minutes / 60 }) : t('span.minutes', { count: minutes })
    },
  }
}
