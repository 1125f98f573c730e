/** A menu that opens over the page: Esc closes it before it does anything else, a press beside it closes it, too. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** `element` is a `<details>`. Returns what closes it; with `focus` its key has the focus again. */
export function useMenu(element: Readonly<Ref<HTMLDetailsElement | undefined>>): (focus?: boolean) => void {
  function close(focus = false): void {
    const menu = element.value
    if (menu?.open !== true) return
    menu.open = false
    if (focus) menu.querySelector('summary')?.focus()
  }
  function escape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || element.value?.open !== true) return
    event.preventDefault()
    close(true)
  }
  function beside(event: Event): void {
    if (event.target instanceof Node && element.value?.contains(event.target) !== true) close()
  }
  onMounted(() => {
    window.addEventListener('keydown', escape, true)
    window.addEventListener('pointerdown', beside)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', escape, true)
    window.removeEventListener('pointerdown', beside)
  })
  return close
}
