/** The words of the pages: Chinese first, English for those who read along; loaded when it is wanted. */
import { createI18n, useI18n } from 'vue-i18n'

import { type Messages, zhCN } from './zh-CN'
import type { DeskMessages } from './zh-CN/desk'

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
    messages: { 'zh-CN': zhCN } as unknown as Record<Locale, Messages>,
  })
}

interface Composer {
  locale: { value: string }
  setLocaleMessage: (locale: Locale, words: Messages) => void
  mergeLocaleMessage: (locale: Locale, words: DeskMessages) => void
}

/** Whether the words of desks are wanted: from the first page on that is no station's. */
let desk = false
const loaded = new Set<string>()

async function base(composer: Composer, locale: Locale): Promise<void> {
  if (locale === 'zh-CN' || loaded.has(locale)) return
  composer.setLocaleMessage(locale, (await import('./en')).en)
  loaded.add(locale)
}
async function more(composer: Composer, locale: Locale): Promise<void> {
  if (loaded.has(`${locale} desk`)) return
  composer.mergeLocaleMessage(locale, locale === 'en' ? (await import('./en/desk')).deskEn : (await import('./zh-CN/desk')).deskZhCN)
  loaded.add(`${locale} desk`)
}

/** Speak this language from now on, once its words are there; when they cannot be had, all stays as it is. */
export async function speakIn(composer: Composer, to: Locale): Promise<void> {
  await base(composer, to)
  if (desk) await more(composer, to)
  composer.locale.value = to
}

/** Have the words that only desks show, in the language that is spoken. Raises when they cannot be had. */
export async function speakAtDesks(composer: Composer): Promise<void> {
  await more(composer, 'zh-CN')
  if (composer.locale.value === 'en') await more(composer, 'en')
  desk = true
}

/** The same for a component. */
export function useDeskWords(): () => Promise<void> {
  const composer = useI18n({ useScope: 'global' })
  return () => speakAtDesks(composer as unknown as Composer)
}

/** The language of the page, and changing it; a change is kept on this machine. */
export function useLanguage() {
  const composer = useI18n<{ message: Messages }, Locale>({ useScope: 'global' })
  return {
    locale: composer.locale,
    speak: async (to: Locale): Promise<void> => {
      await speakIn(composer as unknown as Composer, to)
      localStorage.setItem(STORED, to)
    },
  }
}
