/** The words of the pages: Chinese first, English for those who read along; loaded when it is wanted. */
import { createI18n, useI18n } from 'vue-i18n'

import type { FeatureWords } from '@/features/words'

import { type Messages, type OwnWords, zhCN } from './zh-CN'

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
  mergeLocaleMessage: (locale: Locale, words: FeatureWords | OwnWords) => void
}

/** Words that only some pages show; each is wanted from the first such page on. */
const MORE = {
  desk: async (locale: Locale): Promise<FeatureWords> => (locale === 'en' ? (await import('./en/desk')).deskEn : (await import('./zh-CN/desk')).deskZhCN),
  call: async (locale: Locale): Promise<FeatureWords> => (locale === 'en' ? (await import('./en/call')).callEn : (await import('./zh-CN/call')).callZhCN),
  archive: async (locale: Locale): Promise<FeatureWords> => (locale === 'en' ? (await import('./en/oneArchived')).oneArchivedEn : (await import('./zh-CN/oneArchived')).oneArchivedZhCN),
  own: async (locale: Locale): Promise<OwnWords> => (locale === 'en' ? (await import('./en/own')).ownEn : (await import('./zh-CN/own')).ownZhCN),
  house: async (locale: Locale): Promise<FeatureWords> => (locale === 'en' ? (await import('./en/house')).houseEn : (await import('./zh-CN/house')).houseZhCN),
}
export type More = keyof typeof MORE
const wanted = new Set<More>()
const loaded = new Set<string>()

async function base(composer: Composer, locale: Locale): Promise<void> {
  if (locale === 'zh-CN' || loaded.has(locale)) return
  composer.setLocaleMessage(locale, (await import('./en')).en)
  loaded.add(locale)
}
async function more(composer: Composer, locale: Locale, what: More): Promise<void> {
  if (loaded.has(`${locale} ${what}`)) return
  composer.mergeLocaleMessage(locale, await MORE[what](locale))
  loaded.add(`${locale} ${what}`)
}
async function have(composer: Composer, what: More): Promise<void> {
  await more(composer, 'zh-CN', what)
  if (composer.locale.value === 'en') await more(composer, 'en', what)
  wanted.add(what)
}

/** Speak this language from now on, once its words are there; when they cannot be had, all stays as it is. */
export async function speakIn(composer: Composer, to: Locale): Promise<void> {
  await base(composer, to)
  for (const what of wanted) await more(composer, to, what)
  composer.locale.value = to
}

/** Have the words that only desks, only a meeting's pages or only administrators of the house show, in the language that is
 * spoken. Raises when they cannot be had. */
export async function speakAlso(composer: Composer, ...what: readonly More[]): Promise<void> {
  await Promise.all(what.map((each) => have(composer, each)))
}

/** The same for a component. */
export function useMoreWords(...what: readonly More[]): () => Promise<void> {
  const composer = useI18n({ useScope: 'global' })
  return () => speakAlso(composer as unknown as Composer, ...what)
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
