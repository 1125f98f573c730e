/**
 * What was begun at a door and not said yet. A page that was not touched for ten minutes locks itself, and one talks longer than that: what was
 * typed is there again after the PIN. In this page's memory alone, and gone with its owner.
 */
import { onBeforeUnmount, type Ref } from 'vue'

const begun = new Map<string, readonly unknown[]>()

/** Fields of a form, restored where it was left. `worth`: whether anything is in it. `said` once it was put down to be sent. */
export function useDraft(key: string, fields: readonly Ref<unknown>[], worth: () => boolean): { said: () => void } {
  let over = false
  begun.get(key)?.forEach((value, at) => {
    const field = fields[at]
    if (field !== undefined) field.value = value
  })
  onBeforeUnmount(() => {
    if (!over && worth()) begun.set(key, fields.map((field) => field.value))
    else begun.delete(key)
  })
  return { said: () => void (over = true) }
}

/** Somebody else’s phone now, or nobody’s. */
export function forgetDrafts(): void {
  begun.clear()
}
