/** Leaves out where nobody speaks while it plays, and says how much that was. */
import { computed, type Ref, ref, watch } from 'vue'

import type { VoiceOf } from '@/features/archive.contract'

import { afterSilence, silences } from './silence'
import type { Player } from './usePlayer'

export function useSilence(player: Player, voice: () => readonly VoiceOf[] | undefined, lengthMs: Readonly<Ref<number>>) {
  const on = ref(false)
  /** ms that were left out since it was turned on. */
  const skippedMs = ref(0)
  const found = computed(() => {
    const voices = voice()
    return voices === undefined ? undefined : silences(voices, lengthMs.value)
  })
  watch([on, player.positionMs], () => {
    if (!on.value || !player.running.value || found.value === undefined) return
    const goal = afterSilence(found.value, player.positionMs.value, lengthMs.value)
    if (goal === undefined) return
    skippedMs.value += goal - player.positionMs.value
    player.seek(goal)
  })
  return {
    /** Whether it is known where somebody speaks. */
    known: computed(() => found.value !== undefined),
    /** What it would leave out in all, ms. */
    wholeMs: computed(() => (found.value ?? []).reduce((sum, one) => sum + one.toMs - one.fromMs, 0)),
    on,
    skippedMs,
    toggle: () => {
      on.value = !on.value
      skippedMs.value = 0
    },
  }
}

export type Silence = ReturnType<typeof useSilence>
