/** One thing is done at a time; what was refused is said in words. */
import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Answer, CommandData, CommandKind } from '@/protocol/types'
import { useShell } from '@/state/shell'

import { whyRefused } from './refusal'

export interface Acting {
  readonly busy: Readonly<Ref<boolean>>
  /** In words; empty: nothing was refused. */
  readonly problem: Ref<string>
  /** What it gives, or undefined where it was refused or something else is being done. */
  run: <T>(work: () => Promise<T>) => Promise<T | undefined>
  command: <K extends CommandKind>(kind: K, data: CommandData[K]) => Promise<Answer | undefined>
}

export function useActing(): Acting {
  const { t, te } = useI18n()
  const { live } = useShell()
  const busy = ref(false)
  const problem = ref('')
  async function run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    problem.value = ''
    try {
      return await work()
    } catch (error) {
      problem.value = t(whyRefused(error, te))
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run, command: (kind, data) => run(() => live.command(kind, data)) }
}
