/** The words of statistics, and figures in words. */
import { useI18n } from 'vue-i18n'

import type { Figure, FigureName } from './figures'
import en from './pages.en'
import zh from './pages.zh'

export interface Wording {
  readonly t: (key: string, words?: Record<string, string | number>) => string
  /** `1,234`, `96.5%`, `12.5 小时`, `—` */
  readonly said: (figure: Pick<Figure, 'value' | 'rate'>, name: FigureName) => string
  readonly number: (value: number) => string
}

export function useWords(): Wording {
  const { t: say, locale } = useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
  const t: Wording['t'] = (key, words) => say(key, words ?? {})
  const number = (value: number): string => value.toLocaleString(locale.value)
  return {
    t,
    number,
    said({ value, rate }, name) {
      if (value === null) return t('unit.none')
      if (rate) return t('unit.percent', { value: value.toFixed(1) })
      if (name === 'spoken') return t('unit.spoken', { minutes: number(value) })
      return name === 'minutes' ? t('unit.minutes', { hours: (value / 60).toLocaleString(locale.value, { maximumFractionDigits: 1 }) }) : number(value)
    },
  }
}
