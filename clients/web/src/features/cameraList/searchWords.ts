/** Words of looking for devices with those of cameras, fetched with it: a component has one local set of words. */
import { useI18n } from 'vue-i18n'

import pageEn from './page.en'
import pageZh from './page.zh'
import en from './search.en'
import zh from './search.zh'

export function useSearchWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': { ...pageZh, ...zh }, en: { ...pageEn, ...en } } })
}
