/** The words of decisions on the desk and in the minutes: they come with what shows them. */
import { useI18n } from 'vue-i18n'

import en from './panel.en'
import zh from './panel.zh'

export function useWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}
