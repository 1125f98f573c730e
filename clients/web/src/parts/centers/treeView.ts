/** What every shown tree of centers does alike: only the rows in sight are drawn, arrows walk and unfold. */
import { computed, nextTick, onBeforeUnmount, onMounted, type Ref, ref } from 'vue'

import { windowOf } from '@/parts/windowOf'

/** Height of a row, px. */
export const ROW = 34

/** What a row is to be walked: centers, and what stands below them. */
export interface Walked {
  readonly center: { readonly code: string; readonly parent: string | null }
  readonly open: boolean
  readonly hasChildren: boolean
}

/** `list`: the element that scrolls. `opened`: codes of unfolded centers; `searched`: while words are looked for, found rows are not folded. */
export function useTreeView<T extends Walked>(list: Readonly<Ref<HTMLElement | undefined>>, rows: Readonly<Ref<readonly T[]>>, opened: Ref<Set<string>>, searched: () => boolean) {
  const top = ref(0)
  const height = ref(400)
  /** Code of the row that had the focus last. */
  const active = ref('')
  const range = computed(() => windowOf(rows.value.length, ROW, top.value, height.value))
  const shown = computed(() => rows.value.slice(range.value.from, range.value.to))

  let watching: ResizeObserver | undefined
  onMounted(() => {
    if (list.value === undefined) return
    height.value = list.value.clientHeight
    watching = new ResizeObserver(() => (height.value = list.value?.clientHeight ?? 400))
    watching.observe(list.value)
  })
  onBeforeUnmount(() => watching?.disconnect())

  /** Scroll it into sight. */
  function show(at: number): void {
    if (list.value === undefined || at < 0) return
    const y = at * ROW
    if (y < list.value.scrollTop) list.value.scrollTop = y
    if (y + ROW > list.value.scrollTop + height.value) list.value.scrollTop = y + ROW - height.value
    top.value = list.value.scrollTop
  }
  function toTop(): void {
    if (list.value !== undefined) list.value.scrollTop = 0
  }
  function toggle(row: T): void {
    const next = new Set(opened.value)
    if (!next.delete(row.center.code)) next.add(row.center.code)
    opened.value = next
  }
  /** Into sight, with the focus. */
  async function go(to: number): Promise<void> {
    const at = Math.min(Math.max(to, 0), rows.value.length - 1)
    const row = rows.value[at]
    if (row === undefined) return
    active.value = row.center.code
    show(at)
    await nextTick()
    list.value?.querySelector<HTMLElement>(`[data-code="${row.center.code}"]`)?.focus()
  }
  /** A key on a row: walking, folding, or what the tree does besides. */
  function walk(event: KeyboardEvent, row: T, more: Readonly<Record<string, () => void>>): void {
    const at = rows.value.indexOf(row)
    const steps: Record<string, () => void> = {
      ArrowDown: () => void go(at + 1),
      ArrowUp: () => void go(at - 1),
      Home: () => void go(0),
      End: () => void go(rows.value.length - 1),
      ArrowRight: () => {
        if (row.hasChildren && !row.open) toggle(row)
        else void go(at + 1)
      },
      ArrowLeft: () => {
        if (row.open && !searched()) toggle(row)
        else void go(rows.value.findIndex((one) => one.center.code === row.center.parent))
      },
      ...more,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    step()
  }
  return { top, active, range, shown, show, toTop, toggle, go, walk }
}
