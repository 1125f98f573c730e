/** The words of the pages: Chinese first, English for those who read along. */
import { createI18n } from 'vue-i18n'

import { en } from './en'
import { type Messages, zhCN } from './zh-CN'

const STORED = 'lianxian.locale'
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** The language chosen on this machine earlier, else Chinese. */
export function storedLocale(): Locale {
  return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh-CN'
}

export function storeLocale(locale: Locale): void {
  localStorage.setItem(STORED, locale)
}

export function makeI18n(locale: Locale = storedLocale()) {
  return createI18n<[Messages], Locale, false>({
    legacy: false,
    locale,
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCN, en },
  })
}
