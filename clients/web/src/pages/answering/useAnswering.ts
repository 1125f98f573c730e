/** How the centers below one answer calls: read at each greeting, then as the hub tells of changes. */
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'

import { readAnswering } from '@/protocol/answeringApi'
import type { Api } from '@/protocol/api'
import type { Live } from '@/state/live'

export interface AnsweringList {
  /** After so many seconds stations of this center answer; 0 for never; undefined before it was read. */
  of: (center: string) => number | undefined
  /** Whether something was said of this center that is not as everywhere. */
  isSet: (center: string) => boolean
  /** As everywhere; undefined before it was read. */
  readonly usual: Readonly<Ref<number | undefined>>
  readonly failure: Readonly<Ref<unknown>>
}

const RETRY_MS = 3000

/** Lives as long as the calling scope. */
export function useAnswering(live: Pick<Live, 'socket'>, api: Pick<Api, 'call'>): AnsweringList {
  const usual = ref<number>()
  const said = shallowRef<ReadonlyMap<string, number>>(new Map())
  const failure = shallowRef<unknown>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  /** Told while the list was on its way: newer than what it says. */
  let told = new Map<string, number>()

  async function load(): Promise<void> {
    clearTimeout(timer)
    const mine = (asked += 1)
    told = new Map()
    try {
      const found = await readAnswering(api)
      // a later question has the newer answer
      if (mine !== asked) return
      said.value = new Map([...found.settings.map((one) => [one.center, one.seconds] as const), ...told])
      usual.value = found.default_s
      failure.value = undefined
    } catch (error) {
      if (mine !== asked) return
      failure.value = error
      timer = setTimeout(() => void load(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('hello', () => void load()),
    live.socket.on('changed', ({ what, id, value }) => {
      if (what !== 'answering' || value === undefined || value === null || !('seconds' in value)) return
      told.set(id, value.seconds)
      said.value = new Map(said.value).set(id, value.seconds)
    }),
  ]
  void load()
  onScopeDispose(() => {
    asked += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return {
    of: (center) => (usual.value === undefined ? undefined : (said.value.get(center) ?? usual.value)),
    isSet: (center) => usual.value !== undefined && (said.value.get(center) ?? usual.value) !== usual.value,
    usual,
    failure,
  }
}
