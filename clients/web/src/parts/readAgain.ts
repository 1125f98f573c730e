/** One answer of the hub that is read again and again while it is looked at. */
import { onBeforeUnmount, onMounted, ref, type Ref, type ShallowRef, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { explanation } from '@/i18n/explain'

export interface ReadAgain<T> {
  /** Undefined until something was read; as it was read last when the hub does not answer. */
  readonly value: Readonly<ShallowRef<T | undefined>>
  /** Why the last reading failed, in words; empty: it did not. */
  readonly problem: Ref<string>
  look: () => Promise<void>
}

/** `pauseMs`: how long until the next reading, by what was read. */
export function useReadAgain<T>(read: () => Promise<T>, pauseMs: (value: T | undefined) => number): ReadAgain<T> {
  const { t } = useI18n()
  const value = shallowRef<T>()
  const problem = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false
  async function look(): Promise<void> {
    clearTimeout(timer)
    try {
      value.value = await read()
      problem.value = ''
    } catch (error) {
      problem.value = t(explanation(error))
    }
    if (gone) return
    clearTimeout(timer)
    timer = setTimeout(() => void look(), pauseMs(value.value))
  }
  onMounted(() => void look())
  onBeforeUnmount(() => {
    gone = true
    clearTimeout(timer)
  })
  return { value, problem, look }
}
