/** One check on the page: begun, heard of while stations answer, read again when it ends or the line was away. */
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'

import type { Api } from '@/protocol/api'
import { newestCheck, readCheck } from '@/protocol/checksApi'
import type { Check } from '@/protocol/types'
import type { Live } from '@/state/live'

export interface CheckState {
  /** The one that is shown; undefined before one was read. */
  readonly check: Readonly<Ref<Check | undefined>>
  /** It could not be read; it is tried again with the next greeting. */
  readonly failed: Readonly<Ref<boolean>>
  /** Show this one. */
  show: (check: string) => Promise<void>
  /** Show the newest there is. */
  newest: () => Promise<void>
}

export function useCheck(live: Pick<Live, 'socket'>, api: Pick<Api, 'call'>): CheckState {
  const check = shallowRef<Check>()
  const failed = ref(false)
  let wanted: string | undefined

  async function read(): Promise<void> {
    const id = wanted
    if (id === undefined) return
    try {
      const found = await readCheck(api, id)
      if (wanted !== id) return
      // what was told while it was read is not lost
      const told = check.value?.id === id ? check.value.rows : {}
      check.value = { ...found, rows: { ...told, ...found.rows } }
      failed.value = false
    } catch {
      if (wanted === id) failed.value = true
    }
  }
  async function show(id: string): Promise<void> {
    wanted = id
    await read()
  }
  const offs = [
    live.socket.on('changed', (event) => {
      if (event.what !== 'check' || event.id !== wanted) return
      if (event.answers === undefined || event.answers === null) void read()
      else if (check.value?.id === event.id) {
        const rows = { ...check.value.rows, ...event.answers }
        check.value = { ...check.value, rows, reported: Object.keys(rows).length }
      }
    }),
    live.socket.on('hello', () => void read()),
  ]
  onScopeDispose(() => {
    for (const off of offs) off()
  })
  return {
    check,
    failed,
    show,
    async newest() {
      try {
        const head = await newestCheck(api)
        if (head !== undefined && wanted === undefined) await show(head.id)
      } catch {
        failed.value = true
      }
    },
  }
}
