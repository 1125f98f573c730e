/** Reads who speaks in a meeting that is over, and what was said, once each; what cannot be read is not shown. */
import { type Ref, shallowRef, watch } from 'vue'

import type { Api } from '@/protocol/api'
import { readSaid, readVoices } from '@/protocol/searchApi'
import type { SaidLine, Snapshot, Voices } from '@/protocol/types'

export function useSpoken(api: Pick<Api, 'call'>, meeting: Readonly<Ref<Snapshot | undefined>>) {
  const voices = shallowRef<Voices>()
  const lines = shallowRef<readonly SaidLine[]>([])

  async function read(id: string): Promise<void> {
    const found = await readVoices(api, id)
    voices.value = found
    if (found.listened === 0) return
    const all: SaidLine[] = []
    for (let after: number | null = 0; after !== null; ) {
      const page = await readSaid(api, id, after)
      all.push(...page.lines)
      after = page.next
    }
    lines.value = all.sort((a, b) => a.from_ms - b.from_ms)
  }
  watch(
    () => (meeting.value?.state === 'ended' ? meeting.value.id : undefined),
    (id) => {
      if (id !== undefined) read(id).catch(() => undefined)
    },
    { immediate: true },
  )
  return { voices, lines }
}
