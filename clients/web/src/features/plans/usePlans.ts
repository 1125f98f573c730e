/** The plans of one's center, live, and whom each calls now. */
import { computed, type ComputedRef } from 'vue'

import { readPlans } from '@/protocol/plansApi'
import type { Group, Plan } from '@/protocol/types'
import { useGroups } from '@/state/groups'
import { keptList, type KeptList } from '@/state/keptList'
import type { Shell } from '@/state/shell'

import { calledBy } from './draft'

export interface PlanList extends KeptList<Plan> {
  readonly groups: ComputedRef<readonly Group[]>
  /** Codes of those whom it calls now. */
  called: (plan: Plan) => readonly string[]
}

/** Lives as long as the calling scope. */
export function usePlans(shell: Pick<Shell, 'live' | 'centers'>): PlanList {
  const list = keptList(shell.live, 'plan', () => readPlans())
  const kept = useGroups(shell.live)
  // one's own groups are no plan's
  const groups = computed(() => (kept.all.value ?? []).filter((one) => one.scope === 'center'))
  return { ...list, groups, called: (plan) => calledBy({ chosen: plan, groups: plan.groups }, shell.centers.value, groups.value) }
}
