/** Whether a meeting is held and what of it was destroyed: read when its page is opened, and again after what changes it. */
import { computed, type ComputedRef, type Ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { readCustody } from '@/protocol/custodyApi'
import type { Api } from '@/protocol/api'
import type { CustodyAnswer, Entry } from '@/protocol/types'

export interface Custody {
  /** Undefined until it was read. */
  readonly told: Readonly<Ref<CustodyAnswer | undefined>>
  /** Message key of why it could not be read; empty: it could. */
  readonly problem: Readonly<Ref<string>>
  readonly held: ComputedRef<boolean>
  read: () => Promise<void>
}

/** `entries` of the meeting: a new one about custody has it read again. */
export function useCustody(api: Pick<Api, 'call'>, meeting: string, entries: Readonly<Ref<readonly Entry[]>>): Custody {
  const told = shallowRef<CustodyAnswer>()
  const problem = shallowRef('')
  async function read(): Promise<void> {
    try {
      told.value = await readCustody(api, meeting)
      problem.value = ''
    } catch (error) {
      problem.value = explanation(error)
    }
  }
  const newest = computed(() => entries.value.reduce((seq, { kind, seq: own }) => (kind.startsWith('hold.') || kind.startsWith('disposal.') ? Math.max(seq, own) : seq), 0))
  watch(newest, () => void read(), { immediate: true })
  return { told, problem, held: computed(() => told.value !== undefined && told.value.hold !== null), read }
}
