/** The words of these pages, and moments in them. */
import { useI18n } from 'vue-i18n'

import type { Task } from '@/protocol/types'

import en from './pages.en'
import zh from './pages.zh'
import { spanText, whenText } from './when'

export interface Wording {
  readonly t: (key: string, words?: Record<string, string | number>) => string
  when: (at: string) => string
  /** `还剩 2 小时 10 分`, `已超时 5 分钟` */
  left: (at: string) => string
  /** `每日 18:00` */
  repeats: (task: Pick<Task, 'repeats' | 'time' | 'weekdays'>) => string
}

/** `zone`: the hub's; `now`: ms since 1970. */
export function usePages(zone: () => string, now: () => number): Wording {
  const { t: say, locale } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  const t: Wording['t'] = (key, words) => say(key, words ?? {})
  return {
    t,
    when: (at) => whenText(at, zone(), now(), locale.value, t),
    left: (at) => t(Date.parse(at) < now() ? 'past' : 'left', { left: spanText(at, now(), t) }),
    repeats({ repeats, time, weekdays }) {
      if (repeats === 'once') return t('once')
      return weekdays.length === 7 ? t('daily', { time: time ?? '' }) : t('days', { days: weekdays.map((day) => t(`weekday.${String(day)}`)).join(t('dayGap')), time: time ?? '' })
    },
  }
}
