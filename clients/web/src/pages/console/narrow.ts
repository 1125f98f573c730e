/** Whether the window is too narrow for every key of the desk side by side (a 1366 px screen at 150 %). */
import { onScopeDispose, type Ref, ref } from 'vue'

const NARROW = '(max-width: 1199px)'

/** Where keys that are not pressed every minute stand in the menu. */
export const TIGHT = '(max-width: 1640px)'

/** English words are longer than two characters: they need a wider window. */
function wordy(): boolean {
  return document.documentElement.lang === 'en' && window.matchMedia(TIGHT).matches
}

export function useNarrow(width = NARROW): Readonly<Ref<boolean>> {
  const narrow = ref(false)
  // test environments without layout know no media queries
  if (typeof window.matchMedia !== 'function') return narrow
  const query = window.matchMedia(width)
  const look = (): void => {
    narrow.value = query.matches || wordy()
  }
  look()
  query.addEventListener('change', look)
  window.addEventListener('resize', look)
  const language = new MutationObserver(look)
  language.observe(document.documentElement, { attributeFilter: ['lang'] })
  onScopeDispose(() => {
    language.disconnect()
    window.removeEventListener('resize', look)
    query.removeEventListener('change', look)
  })
  return narrow
}
