/** The words of a station about its own reports: fetched with what shows them, in the language that is spoken. */
import { type Ref, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'

interface Composer {
  readonly locale: { readonly value: string }
  mergeLocaleMessage: (locale: string, words: object) => void
}

/** Whether they are there. */
export function useOwnWords(): Readonly<Ref<boolean>> {
  const composer = useI18n({ useScope: 'global' }) as unknown as Composer
  const ready = ref(false)
  watch(
    () => composer.locale.value,
    async (locale) => {
      const own = locale === 'en' ? (await import('./own.en')).default : (await import('./own.zh')).default
      composer.mergeLocaleMessage(locale, { alarms: { own } })
      ready.value = true
    },
    { immediate: true },
  )
  return ready
}
