/** One incident with its time line, read anew whenever the hub says that it changed. */
import { onScopeDispose, ref, type Ref, shallowRef } from 'vue'

import { explanation } from '@/i18n/explain'
import type { Api } from '@/protocol/api'
import { readIncident } from '@/protocol/incidentsApi'
import { Refused } from '@/protocol/refusal'
import type { Incident, IncidentWhole } from '@/protocol/types'
import type { Live } from '@/state/live'

const GATHER_MS = 150
const RETRY_MS = 3000

export interface Whole {
  readonly whole: Readonly<Ref<IncidentWhole | undefined>>
  /** Message key of why it could not be read. */
  readonly problem: Readonly<Ref<string>>
  /** There is none, or not for one to see. */
  readonly gone: Readonly<Ref<boolean>>
  again: () => Promise<void>
}

/** Lives as long as the calling scope. */
export function useWhole(live: Pick<Live, 'socket'>, api: Pick<Api, 'call'>, id: string): Whole {
  const whole = shallowRef<IncidentWhole>()
  const problem = ref('')
  const gone = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function again(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const mine = (turn += 1)
    try {
      const found = await readIncident(api, id)
      if (mine !== turn) return
      whole.value = found
      problem.value = ''
      gone.value = false
    } catch (error) {
      if (mine !== turn) return
      gone.value = error instanceof Refused && error.code === 'not_found'
      if (gone.value) whole.value = undefined
      else {
        problem.value = explanation(error)
        timer = setTimeout(() => void again(), RETRY_MS)
      }
    }
  }
  const offs = [
    live.socket.on('changed', (event) => {
      if (event.what !== 'incident') return
      const told = event.value as Incident | null | undefined
      const shown = whole.value
      const concerns = event.id === id || shown?.duplicates.some((one) => one.id === event.id) === true || told?.main?.id === id
      if (event.id === id && shown !== undefined && told !== null && told !== undefined) whole.value = { ...shown, incident: told }
      if (concerns) timer ??= setTimeout(() => void again(), GATHER_MS)
    }),
    live.socket.on('hello', () => void again()),
  ]
  void again()
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { whole, problem, gone, again }
}
