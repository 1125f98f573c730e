/** The words of the page 查找: they come with it. */
import { useI18n } from 'vue-i18n'

import en from './page.en'
import zh from './page.zh'

/** Its own words first, then those of all pages. */
export function useWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}
