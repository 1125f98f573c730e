/**
 * Whom an order is for. Untouched it is who is on the stage, as the sentence above the text says; from the moment that somebody
 * writes it stands still, whatever happens on the stage; a choice made by hand stays until the order is sent.
 */
import { computed, type ComputedRef, shallowRef, watch } from 'vue'

import type { Centers, TargetChoice } from '../contract'

/** `given`: named by a key elsewhere (a tile, a report), or put together by hand. */
export interface Targets {
  readonly id: TargetChoice['id'] | 'given'
  readonly centers: Centers
}

export interface TargetChooser {
  readonly targets: ComputedRef<Targets>
  pick: (choice: Targets) => void
  without: (code: string) => void
  /** Writing begins: what the sentence says stays so. Where it names nobody yet, whoever comes on the stage next is meant. */
  hold: () => void
  /** Nothing is written after all: the stage is followed again, unless a choice was made by hand. */
  letGo: () => void
  /** The order is sent: back to the stage. */
  reset: () => void
}

export function useTargets(choices: () => readonly TargetChoice[]): TargetChooser {
  const picked = shallowRef<Targets>()
  const held = shallowRef<Targets>()
  /** Who is on the stage; where nobody is, who is selected. Never many by itself. */
  const preset = computed<Targets>(
    () => choices().find((one) => one.centers.length > 0 && (one.id === 'stage' || one.id === 'selected')) ?? { id: 'stage', centers: [] },
  )
  const targets = computed(() => picked.value ?? held.value ?? preset.value)
  watch(
    preset,
    (next) => {
      if (held.value?.centers.length === 0) held.value = next
    },
    { flush: 'sync' },
  )

  return {
    targets,
    pick(choice) {
      picked.value = choice
    },
    without(code) {
      const left = targets.value.centers.filter((one) => one.code !== code)
      picked.value = { id: left.length === 0 ? targets.value.id : 'given', centers: left }
    },
    hold() {
      held.value ??= preset.value
    },
    letGo() {
      held.value = undefined
    },
    reset() {
      picked.value = undefined
      held.value = undefined
    },
  }
}
