/** The bar of the drill, fetched where there is something to practise with, and after the page itself. */
import { defineAsyncComponent, onScopeDispose, type Ref, ref } from 'vue'

/** ms: a page has come to rest by then. */
const AFTER_MS = 2_000

export const DrillBar = defineAsyncComponent(() => import('./DrillBar.vue'))

/** Whether the bar may be fetched. Call it in the scope of the page. */
export function afterThePage(): Readonly<Ref<boolean>> {
  const come = ref(false)
  const coming = setTimeout(() => (come.value = true), AFTER_MS)
  onScopeDispose(() => {
    clearTimeout(coming)
  })
  return come
}
