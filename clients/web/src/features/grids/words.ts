/** The words of the pages of grids, fetched with them, and how grids are said. */
import { useI18n } from 'vue-i18n'

import type { VillageGrid } from '@/protocol/types'

import en from './page.en'
import zh from './page.zh'

/** `t` for the own words; words of all pages come by the global `useI18n`. */
export function useGridWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

/** Who works in a grid, its leader first, each once. */
export function peopleOf(grid: Pick<VillageGrid, 'leader' | 'members'>): VillageGrid['members'] {
  const all = grid.leader === null ? grid.members : [grid.leader, ...grid.members]
  return all.filter((one, at) => all.findIndex((other) => other.account === one.account) === at)
}

/** `430682115210` `001`: village and number, as codes are read aloud. */
export function codeParts(code: string): [string, string] {
  return [code.slice(0, 12), code.slice(12)]
}
