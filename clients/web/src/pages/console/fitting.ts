/** How many keys of a row have to go into its menu, so that none stands outside it: found by looking, as fonts and words differ. */
import { nextTick, onBeforeUnmount, onMounted, type Ref, ref, watch } from 'vue'

/**
 * `most` is how many may go; `said` changes with what stands in the row. Looked at anew with each change and each new width;
 * zero where there is no layout.
 */
export function useFitting(row: Readonly<Ref<HTMLElement | undefined>>, most: () => number, said: () => string): Readonly<Ref<number>> {
  const away = ref(0)
  let round = 0
  async function fit(): Promise<void> {
    const mine = ++round
    away.value = 0
    await nextTick()
    while (mine === round && row.value !== undefined && row.value.scrollWidth > row.value.clientWidth && away.value < most()) {
      away.value += 1
      await nextTick()
    }
  }
  let width = 0
  // test environments without layout know no observers
  const watching = typeof ResizeObserver === 'function' ? new ResizeObserver(() => {
    const now = row.value?.clientWidth ?? 0
    if (now !== width) void fit()
    width = now
  }) : undefined
  onMounted(() => {
    if (row.value !== undefined) watching?.observe(row.value)
    void fit()
  })
  watch(said, () => void fit(), { flush: 'post' })
  onBeforeUnmount(() => watching?.disconnect())
  return away
}
