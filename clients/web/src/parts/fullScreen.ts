/** One element over the whole screen, and whether it is there. */
import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue'

export function useFullScreen(element: Readonly<Ref<HTMLElement | undefined | null>>): { full: Readonly<Ref<boolean>>; toggle: () => void } {
  const full = ref(false)
  function look(): void {
    full.value = document.fullscreenElement !== null
  }
  onMounted(() => {
    document.addEventListener('fullscreenchange', look)
  })
  onBeforeUnmount(() => {
    document.removeEventListener('fullscreenchange', look)
  })
  return {
    full,
    toggle: () => void (document.fullscreenElement === null ? element.value?.requestFullscreen() : document.exitFullscreen()),
  }
}
