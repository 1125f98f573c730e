/** Pictures one after the other in place of a moving one, each shown only once it is there. */
import { onScopeDispose, ref, type Ref, watch } from 'vue'

/** So often (ms) a new one is asked for. */
export const EVERY_MS = 3_000

export interface Still {
  readonly address: string
  /** When it came (ms since 1970). */
  readonly at: number
}

export function stillOf(camera: string, at: number): string {
  return `/api/v1/cameras/${camera}/still?at=${String(at)}`
}

/** `load` has a picture ready to be shown at once, or fails. */
export function useStills(camera: () => string | undefined, load: (address: string) => Promise<unknown> = preload): { still: Readonly<Ref<Still | undefined>>; failed: Readonly<Ref<boolean>> } {
  const still = ref<Still>()
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function next(which: string, mine: number): Promise<void> {
    const at = Date.now()
    const address = stillOf(which, at)
    try {
      await load(address)
      if (mine !== turn) return
      still.value = { address, at }
      failed.value = false
    } catch {
      if (mine !== turn) return
      failed.value = true
    }
    timer = setTimeout(() => void next(which, mine), Math.max(0, EVERY_MS - (Date.now() - at)))
  }
  watch(
    camera,
    (which) => {
      clearTimeout(timer)
      turn += 1
      still.value = undefined
      failed.value = false
      if (which !== undefined) void next(which, turn)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
  })
  return { still, failed }
}

async function preload(address: string): Promise<void> {
  const image = new Image()
  image.src = address
  await image.decode()
}
