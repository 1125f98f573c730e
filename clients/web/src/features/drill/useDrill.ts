/** A guided drill on this browser: offered once a visit, followed step by step through the pages, ended at any time. */
import { computed, type Ref, ref, watch } from 'vue'

import { type Drill, type StepName, STEPS } from './steps'

export type DrillState = 'offered' | 'running' | 'finished' | 'declined'

interface Kept {
  state: DrillState
  passed: StepName[]
}

/** What a drill keeps of itself, so that it goes on at the next page: a small part of `Storage`. */
export type DrillStorage = Pick<Storage, 'getItem' | 'setItem'>

/**
 * `seen` is what the page shows as done. A step counts from the moment it was seen while the drill runs, in whatever
 * order; the first that was not is the next.
 */
export function useDrill(drill: Drill, seen: Readonly<Ref<ReadonlySet<StepName>>>, storage: DrillStorage = sessionStorage) {
  const key = `lianxian.drill.${drill}`
  const kept = ref<Kept>(read(storage, key))
  const steps = computed(() => STEPS[drill].map((name) => ({ name: name as StepName, done: kept.value.passed.includes(name) })))

  function keep(next: Kept): void {
    kept.value = next
    storage.setItem(key, JSON.stringify(next))
  }
  function look(): void {
    if (kept.value.state !== 'running') return
    const names: readonly StepName[] = STEPS[drill]
    const passed = names.filter((name) => kept.value.passed.includes(name) || seen.value.has(name))
    if (passed.length === kept.value.passed.length) return
    keep({ state: passed.length === names.length ? 'finished' : 'running', passed })
  }
  watch(seen, look, { immediate: true })

  return {
    state: computed(() => kept.value.state),
    steps,
    next: computed(() => steps.value.find((step) => !step.done)?.name),
    start: () => {
      keep({ state: 'running', passed: [] })
      look()
    },
    stop: () => {
      keep({ state: 'declined', passed: [] })
    },
  }
}

function read(storage: DrillStorage, key: string): Kept {
  try {
    const stored = JSON.parse(storage.getItem(key) ?? 'null') as Partial<Kept> | null
    return { state: stored?.state ?? 'offered', passed: stored?.passed ?? [] }
  } catch {
    return { state: 'offered', passed: [] }
  }
}
