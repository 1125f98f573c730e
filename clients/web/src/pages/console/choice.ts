/** Who is chosen to be called: a preset that follows presence, or a set made by hand. */
import { computed, type ComputedRef, type Ref, ref } from 'vue'

import type { CenterPresence } from '@/protocol/types'

import type { Group } from './groups'
import type { Preset } from './LobbyPanel.vue'
import type { CenterIndex } from './tree'

export interface Choice {
  readonly chosen: ComputedRef<ReadonlySet<string>>
  readonly preset: Readonly<Ref<Preset | null>>
  readonly presets: ComputedRef<{ id: Preset; count: number }[]>
  /** Take centers in or out by hand; from then on the choice no longer follows presence. */
  choose: (codes: string[], on: boolean) => void
  use: (preset: Preset) => void
  useGroup: (group: Group) => void
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
    switch (of) {
      case 'online':
        return all.filter((center) => presence.value.get(center.code) === 'online').map((center) => center.code)
      case 'counties':
        return all.filter((center) => center.parent === root).map((center) => center.code)
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
    (['online', 'counties', 'all', 'none'] as const).map((id) => ({ id, count: members(id).length })),
  )
  return {
    chosen,
    preset,
    presets,
    choose(codes, on) {
      const next = new Set(chosen.value)
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
      byHand.value = new Set(group.centers.filter((code) => index.value.byCode.has(code)))
      preset.value = null
    },
  }
}
