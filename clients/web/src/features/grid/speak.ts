/** The words of this page: Chinese at hand, English fetched where somebody wants it. */
import { shallowRef, type ShallowRef } from 'vue'

import { type Words, zh } from './pageZh'

const STORED = 'lianxian.locale'
export type Locale = 'zh-CN' | 'en'

export const words: ShallowRef<Words> = shallowRef(zh)
export const locale: ShallowRef<Locale> = shallowRef('zh-CN')

export async function speak(to: Locale): Promise<void> {
  if (to === 'en') words.value = (await import('./pageEn')).en
  else words.value = zh
  locale.value = to
  document.documentElement.lang = to
  localStorage.setItem(STORED, to)
}

/** The language chosen on this machine earlier; without its words the page is still a page. */
export async function speakAsBefore(): Promise<void> {
  if (localStorage.getItem(STORED) === 'en') await speak('en').catch(() => undefined)
}
