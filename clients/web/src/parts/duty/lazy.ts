/** Who is on duty, for pages whose first load it must not be in: it comes a moment later, and shows nothing where there is no frame. */
import { computed, defineAsyncComponent, inject, type Ref } from 'vue'

import { shellKey } from '@/state/shell'

/** So long (ms) after the first that shows it, it is fetched: the page comes first. */
const LATER_MS = 2_000

export const DutyMark = defineAsyncComponent(async () => {
  await new Promise((soon) => setTimeout(soon, LATER_MS))
  return import('./DutyMark.vue')
})

/** Whether it can be shown here: in the frame of a desk. */
export function useHasDuty(): Readonly<Ref<boolean>> {
  const shell = inject(shellKey, undefined)
  return computed(() => shell?.live.can.value.has('duty.read') === true)
}
