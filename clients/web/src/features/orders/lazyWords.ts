/** Words of orders that are fetched with what shows them, in the language that is spoken: `own` of a center's own, `view` of desks, `grids` of grids. */
import { type Ref, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'

interface Composer {
  readonly locale: { readonly value: string }
  mergeLocaleMessage: (locale: string, words: object) => void
}
type Load = (language: 'zh' | 'en') => Promise<object>

const own: Load = async (language) => ({ own: language === 'en' ? (await import('./own.en')).default : (await import('./own.zh')).default })
const view: Load = async (language) => ({ view: language === 'en' ? (await import('./view.en')).default : (await import('./view.zh')).default })
const grids: Load = async (language) => ({ grids: language === 'en' ? (await import('./grids.en')).default : (await import('./grids.zh')).default })

function useWords(loads: readonly Load[]): Readonly<Ref<boolean>> {
  const composer = useI18n({ useScope: 'global' }) as unknown as Composer
  const ready = ref(false)
  watch(
    () => composer.locale.value,
    async (locale) => {
      const all = await Promise.all(loads.map(async (load) => load(locale === 'en' ? 'en' : 'zh')))
      composer.mergeLocaleMessage(locale, { orders: Object.assign({}, ...all) as object })
      ready.value = true
    },
    { immediate: true },
  )
  return ready
}

/** Whether the words about single orders of one's own center are there. */
export const useOwnWords = (): Readonly<Ref<boolean>> => useWords([own])
/** Whether all words of an order that is looked at whole, and of the ledger, are there. */
export const useViewWords = (): Readonly<Ref<boolean>> => useWords([own, view])
/** Whether the words of an order in grids are there. */
export const useGridWords = (): Readonly<Ref<boolean>> => useWords([own, view, grids])
