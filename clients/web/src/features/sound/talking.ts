/** Holding the key to talk: what was pressed, what the hub answered, and what became of it. */
import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'

import { Refused } from '@/protocol/refusal'
import type { Sound } from '@/protocol/types'
import type { Live } from '@/state/live'

/** Nobody presses; asked, not answered yet; heard; others talk and one waits; somebody of a higher level began; not allowed now. */
export type TalkState = 'idle' | 'asking' | 'talking' | 'busy' | 'interrupted' | 'refused'

export interface Talking {
  readonly state: Readonly<Ref<TalkState>>
  hold: () => void
  release: () => void
}

/** `sound`: as the hub tells it; `meeting`: its id. Whoever still holds when a place gets free is heard then. */
export function useTalking(live: Pick<Live, 'command'>, meeting: () => string | undefined, me: string, sound: Readonly<Ref<Sound | undefined>>): Talking {
  const state = ref<TalkState>('idle')
  const talks = computed(() => sound.value?.talking.some((one) => one.participant === me) === true)
  const others = computed(() => sound.value?.talking.map((one) => one.participant).join() ?? '')
  let held = false
  /** Of which pressing an answer is: one that comes after the key was let go says nothing any more. */
  let turn = 0

  async function press(): Promise<void> {
    const id = meeting()
    if (id === undefined) return
    const mine = ++turn
    if (state.value !== 'busy') state.value = 'asking'
    try {
      await live.command('talk.press', {}, id)
      if (mine === turn && held) state.value = 'talking'
    } catch (error) {
      if (mine === turn && held) state.value = error instanceof Refused && error.code === 'conflict' ? 'busy' : 'refused'
    }
  }
  function hold(): void {
    if (held) return
    held = true
    void press()
  }
  function release(): void {
    if (!held) return
    held = false
    turn += 1
    const id = meeting()
    const asked = state.value === 'asking' || state.value === 'talking' || state.value === 'busy'
    state.value = 'idle'
    if (asked && id !== undefined) live.command('talk.release', {}, id).catch(() => undefined)
  }
  // a place got free while one waits
  watch(others, () => {
    if (held && state.value === 'busy') void press()
  })
  // it was taken away: the key has to be pressed anew
  watch(talks, (now, before) => {
    if (before && !now && held && state.value === 'talking') state.value = 'interrupted'
  })
  watch(
    () => sound.value?.mode,
    (mode) => {
      if (mode !== 'talk') release()
    },
  )
  onScopeDispose(release)
  return { state, hold, release }
}
