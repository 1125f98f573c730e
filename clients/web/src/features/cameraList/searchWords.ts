/** Words of looking for devices, fetched with it. */
import { useI18n } from 'vue-i18n'

import en from './search.en'
import zh from './search.zh'

export function useSearchWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}
