/** Who is chosen to be called: a preset that follows presence and the directory, or a set made by hand. */
import { computed, type ComputedRef, type Ref, ref } from 'vue'

import type { CenterPresence, Group } from '@/protocol/types'
import { membersOf } from '@/state/groups'

import type { CenterIndex } from '@/parts/centers/tree'

export type Preset = 'online' | 'counties' | 'townships' | 'all' | 'none'
export const PRESETS = ['online', 'counties', 'townships', 'all', 'none'] as const

export interface Choice {
  readonly chosen: ComputedRef<ReadonlySet<string>>
  readonly preset: Readonly<Ref<Preset | null>>
  readonly presets: ComputedRef<{ id: Preset; count: number }[]>
  /**
   * Take centers in or out by hand; from then on the choice no longer follows presence. `fresh`: what a preset had chosen
   * is left aside, so that a county with its townships is chosen with one touch.
   */
  choose: (codes: readonly string[], on: boolean, fresh?: boolean) => void
  use: (preset: Preset) => void
  useGroup: (group: Pick<Group, 'centers' | 'reaches'>) => void
}

export function useChoice(
  index: Readonly<Ref<CenterIndex>>,
  presence: Readonly<Ref<ReadonlyMap<string, CenterPresence>>>,
): Choice {
  const preset = ref<Preset | null>('online')
  const byHand = ref<ReadonlySet<string>>(new Set())

  function members(of: Preset): string[] {
    const root = index.value.root?.code
    const all = index.value.all.filter((center) => center.code !== root)
    const level = (name: string): string[] => all.filter((center) => center.level === name).map((center) => center.code)
    switch (of) {
      case 'online':
        return all.filter((center) => presence.value.get(center.code) === 'online').map((center) => center.code)
      case 'counties':
        return level('county')
      case 'townships':
        return level('township')
      case 'all':
        return all.map((center) => center.code)
      case 'none':
        return []
    }
  }

  const chosen = computed<ReadonlySet<string>>(() =>
    preset.value === null ? byHand.value : new Set(members(preset.value)),
  )
  const presets = computed(() =>
    PRESETS.map((id) => ({ id, count: members(id).length })).filter(
      // a county has no counties below it
      ({ id, count }) => count > 0 || id === 'online' || id === 'none',
    ),
  )
  return {
    chosen,
    preset,
    presets,
    choose(codes, on, fresh = false) {
      const next = new Set(fresh && preset.value !== null ? [] : chosen.value)
      for (const code of codes) {
        if (on) next.add(code)
        else next.delete(code)
      }
      byHand.value = next
      preset.value = null
    },
    use(one) {
      preset.value = one
    },
    useGroup(group) {
      byHand.value = new Set(membersOf(group, index.value.all))
      preset.value = null
    },
  }
}
