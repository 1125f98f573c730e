/** The words of the pages: Chinese first, English for those who read along; loaded when it is wanted. */
import { createI18n, useI18n } from 'vue-i18n'

import { type Messages, zhCN } from './zh-CN'

const STORED = 'lianxian.locale'
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** The language chosen on this machine earlier, else Chinese. */
export function storedLocale(): Locale {
  return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh-CN'
}

/** In Chinese, whatever is stored: another language is spoken once its words are there. */
export function makeI18n() {
  return createI18n<[Messages], Locale, false>({
    legacy: false,
    locale: 'zh-CN',
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCN } as Record<Locale, Messages>,
  })
}

interface Composer {
  locale: { value: string }
  setLocaleMessage: (locale: Locale, words: Messages) => void
}

/** Speak this language from now on, once its words are there; when they cannot be had, all stays as it is. */
export async function speakIn(composer: Composer, to: Locale): Promise<void> {
  if (to !== 'zh-CN') composer.setLocaleMessage(to, (await import('./en')).en)
  composer.locale.value = to
}

/** The language of the page, and changing it; a change is kept on this machine. */
export function useLanguage() {
  const composer = useI18n<{ message: Messages }, Locale>({ useScope: 'global' })
  return {
    locale: composer.locale,
    speak: async (to: Locale): Promise<void> => {
      await speakIn(composer, to)
      localStorage.setItem(STORED, to)
    },
  }
}
