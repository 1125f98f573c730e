/** Whether the window is too narrow for every key of the desk side by side (a 1366 px screen at 150 %). */
import { onScopeDispose, type Ref, ref } from 'vue'

const NARROW = '(max-width: 1199px)'

/** Where keys that are not pressed every minute stand in the menu. */
export const TIGHT = '(max-width: 1640px)'

export function useNarrow(width = NARROW): Readonly<Ref<boolean>> {
  const narrow = ref(false)
  // test environments without layout know no media queries
  if (typeof window.matchMedia !== 'function') return narrow
  const query = window.matchMedia(width)
  const look = (): void => {
    narrow.value = query.matches
  }
  look()
  query.addEventListener('change', look)
  onScopeDispose(() => {
    query.removeEventListener('change', look)
  })
  return narrow
}
