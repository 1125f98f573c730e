/** By what lists are narrowed: the address holds it. */
import { computed, type ComputedRef, type Ref, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { useShell } from '@/state/shell'

/** So long (ms) after the last letter it is searched. */
const TYPED_MS = 300

/** What the address says, and setting one word of it; an empty one goes. */
export function useAddress(): { word: (name: string) => string; set: (name: string, value: string) => void; clear: () => void } {
  const route = useRoute()
  const router = useRouter()
  return {
    word: (name) => {
      const value = route.query[name]
      return typeof value === 'string' ? value : ''
    },
    set: (name, value) => {
      const { [name]: _, ...rest } = route.query
      void router.replace({ query: value === '' ? rest : { ...rest, [name]: value } })
    },
    clear: () => void router.replace({ query: {} }),
  }
}

/** Centers to narrow by: the level below one's own, what is selected in the app, and what the address names. */
export function usePlaces(named: () => string | undefined): ComputedRef<string[]> {
  const shell = useShell()
  return computed(() => {
    const { counties = [], townships = [] } = shell.presets.value
    const below = counties.length > 0 ? counties : townships
    const more = [shell.selected.value?.code, named()].filter((code) => code !== undefined && code !== shell.account.center.code)
    return [...new Set([...below, ...more])].map(String)
  })
}

/** What is typed into a search, which is looked for a moment after the last letter; emptied when the address is. */
export function useTyped(asked: () => string, send: (text: string) => void): Ref<string> {
  const text = ref(asked())
  let typing: ReturnType<typeof setTimeout> | undefined
  watch(text, (typed) => {
    clearTimeout(typing)
    typing = setTimeout(() => {
      if (typed.trim() !== asked()) send(typed.trim())
    }, TYPED_MS)
  })
  watch(asked, (now) => {
    if (now === '') text.value = ''
  })
  return text
}

/** What was chosen or typed in a field. */
export const valueOf = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value
