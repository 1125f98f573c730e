/** The directory as it was read last: changes of others are seen when it is read again. */
import { onMounted, type Ref, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { explanation } from '@/i18n/explain'
import { type CenterIndex, indexCenters } from '@/parts/centers/tree'
import { useSession } from '@/state/session'
import { useShell } from '@/state/shell'

export interface Directory {
  /** Undefined until it was read. */
  readonly index: Readonly<Ref<CenterIndex | undefined>>
  /** ms since 1970; 0: never. */
  readonly asOf: Readonly<Ref<number>>
  readonly problem: Readonly<Ref<string>>
  read: () => Promise<void>
}

export function useDirectory(): Directory {
  const { t } = useI18n()
  const { api } = useSession()
  const { account } = useShell()
  const index = shallowRef<CenterIndex>()
  const asOf = ref(0)
  const problem = ref('')
  async function read(): Promise<void> {
    try {
      index.value = indexCenters(await api.subtree(account.center.code))
      asOf.value = Date.now()
      problem.value = ''
    } catch (error) {
      problem.value = t(explanation(error))
    }
  }
  onMounted(read)
  return { index, asOf, problem, read }
}
