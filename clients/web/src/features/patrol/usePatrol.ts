/** The words of these pages, and moments in them by the hub's clock. */
import { useI18n } from 'vue-i18n'

import { dayText, inZone } from '@/parts/zone'

import en from './page.en'
import zh from './page.zh'
import { away } from './rounds'

export interface Wording {
  readonly t: (key: string, words?: Record<string, string | number>) => string
  /** Sentences that belong together. */
  readonly all: (key: string, words?: Record<string, string | number>) => string[]
  when: (at: string) => string
  /** With seconds, where it is evidence: `22:16:12`. */
  clock: (at: string) => string
  /** `还剩 20 分钟`, `已逾期 5 分钟` */
  left: (at: string) => string
}

/** `zone`: the hub's; `now`: ms since 1970. */
export function usePatrolWords(zone: () => string, now: () => number): Wording {
  const { t: say, tm, rt, locale } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  const t: Wording['t'] = (key, words) => say(key, words ?? {})
  return {
    t,
    all: (key, words) => (tm(key) as string[]).map((_, at) => rt((tm(key) as string[])[at] ?? '', words ?? {})),
    when(at) {
      const { day, time } = inZone(at, zone())
      return day === inZone(now(), zone()).day ? t('today', { time }) : t('day', { day: dayText(day, locale.value, { month: 'numeric', day: 'numeric' }), time })
    },
    clock: (at) => new Intl.DateTimeFormat('en-GB', { timeZone: zone(), hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at)),
    left(at) {
      const { days, hours, minutes } = away(at, now())
      const span = t(days > 0 ? 'span.days' : hours > 0 ? 'span.hours' : 'span.minutes', { days, hours, minutes })
      return t(Date.parse(at) < now() ? 'past' : 'left', { left: span })
    },
  }
}
