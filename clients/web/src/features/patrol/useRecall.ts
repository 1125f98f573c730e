/** The direction of a stop is recalled when one comes to it, by the rules of hands at cameras; whoever goes on lets go of the camera. */
import { onScopeDispose, type Ref, ref, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import type { PatrolStopOfRound } from '@/protocol/types'
import type { Live } from '@/state/live'

export type Recalled = 'none' | 'turning' | 'there' | 'failed'
export interface Recall {
  readonly state: Readonly<Ref<Recalled>>
  /** Message key of why the camera does not look there. */
  readonly why: Readonly<Ref<string | undefined>>
  again: () => void
}

/** Lives as long as the calling scope. `stop`: at which one stands oneself; undefined for nowhere. */
export function useRecall(live: Pick<Live, 'socket'>, stop: () => Pick<PatrolStopOfRound, 'stop' | 'camera' | 'preset'> | undefined): Recall {
  const state = ref<Recalled>('none')
  const why = ref<string>()
  let held: string | undefined
  let turn = 0

  const say = (camera: string, what: object): Promise<unknown> => live.socket.call('turn', { camera, ...what })
  function release(): void {
    if (held !== undefined) void say(held, { do: 'release' }).catch(() => undefined) // whoever is not there holds nothing
    held = undefined
  }
  async function recall(): Promise<void> {
    const at = stop()
    turn += 1
    const mine = turn
    if (held !== at?.camera) release()
    why.value = undefined
    state.value = at?.preset ? 'turning' : 'none'
    if (at === undefined || at.preset === null) return
    try {
      await say(at.camera, { do: 'recall', preset: at.preset.token })
      held = at.camera
      if (mine === turn) state.value = 'there'
      else if (stop()?.camera !== at.camera) release()
    } catch (error) {
      if (mine !== turn) return
      state.value = 'failed'
      why.value = explanation(error)
    }
  }
  watch(() => [stop()?.stop, stop()?.camera, stop()?.preset?.token].join(' '), () => void recall(), { immediate: true })
  const offs = [
    live.socket.on('hello', () => {
      // a page that was cut off has lost its hand; what was there already still looks there
      if (state.value !== 'there') void recall()
    }),
    live.socket.on('media', (event) => {
      if (event.kind !== 'turning' || event.camera !== stop()?.camera || event.refused === '' || state.value !== 'there') return
      state.value = 'failed'
      why.value = 'common.refusal.unavailable'
    }),
  ]
  onScopeDispose(() => {
    turn += 1
    for (const off of offs) off()
    release()
  })
  return { state, why, again: () => void recall() }
}
