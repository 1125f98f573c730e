/** A list that is read page by page, and again by itself while it is looked at. */
import { onBeforeUnmount, onMounted, ref, type Ref, shallowRef, type WatchSource, watch } from 'vue'
import { useI18n } from 'vue-i18n'

import { explanation } from '@/i18n/explain'

const AGAIN_MS = 15_000
/** A list that was paged on is left as it is: reading it again would throw its reader back to the top. */
interface Page<T> {
  readonly rows: readonly T[]
  readonly next: string | null
  readonly at: string
}

export interface Reading<T> {
  /** Undefined until something was read. */
  readonly rows: Readonly<Ref<readonly T[] | undefined>>
  readonly next: Readonly<Ref<string | null>>
  /** As of when, as the hub says it; empty: never. */
  readonly at: Readonly<Ref<string>>
  readonly problem: Readonly<Ref<string>>
  read: (more?: boolean) => Promise<void>
}

export function useReading<T>(page: (after: string | undefined) => Promise<Page<T>>, changes: WatchSource[]): Reading<T> {
  const { t } = useI18n()
  const rows = shallowRef<readonly T[]>()
  const next = ref<string | null>(null)
  const at = ref('')
  const problem = ref('')
  let paged = false
  let turn = 0
  async function read(more = false): Promise<void> {
    const mine = ++turn
    try {
      const found = await page(more ? (next.value ?? undefined) : undefined)
      if (mine !== turn) return
      paged = more
      rows.value = more ? [...(rows.value ?? []), ...found.rows] : found.rows
      next.value = found.next
      at.value = found.at
      problem.value = ''
    } catch (error) {
      if (mine === turn) problem.value = t(explanation(error))
    }
  }
  let again: ReturnType<typeof setInterval> | undefined
  let typing: ReturnType<typeof setTimeout> | undefined
  watch(changes, () => {
    clearTimeout(typing)
    typing = setTimeout(() => void read(), 200)
  })
  onMounted(() => {
    void read()
    again = setInterval(() => {
      if (!paged && document.visibilityState === 'visible') void read()
    }, AGAIN_MS)
  })
  onBeforeUnmount(() => {
    clearInterval(again)
    clearTimeout(typing)
  })
  return { rows, next, at, problem, read }
}
