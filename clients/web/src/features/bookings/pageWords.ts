/** The words of the room, in both languages; they are fetched with what shows them and stand beside those that desks have. */
import { useI18n } from 'vue-i18n'

import en from './page.en'
import zh from './page.zh'

interface Composer {
  mergeLocaleMessage: (locale: string, words: object) => void
}

/** Called in the setup of each page of the room. */
export function usePageWords(): void {
  const { mergeLocaleMessage } = useI18n({ useScope: 'global' }) as unknown as Composer
  mergeLocaleMessage('zh-CN', { bookings: zh })
  mergeLocaleMessage('en', { bookings: en })
}
