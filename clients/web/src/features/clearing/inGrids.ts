/** How a list's rows lie with grids: read again while something goes on, and when the hub tells that the list changed. */
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'

import { type Caller, readRows } from '@/protocol/clearingsApi'
import { moveListGrids, readListGrids } from '@/protocol/listGridsApi'
import type { ListGrids, MatchWay } from '@/protocol/types'
import type { Live } from '@/state/live'

import en from './grids.en'
import zh from './grids.zh'
import { useReadAgain } from './useLists'
import { leftOf } from './wording'

/** While a search goes on its figures are read so often, ms. */
const EVERY_MS = 1000
/** The ways as they are shown: what was found by itself, by people, and what is left to do. */
export const WAYS = ['number', 'phone', 'building', 'person', 'hand', 'candidates', 'none', 'back'] as const satisfies readonly MatchWay[]

/** `t` for the words of this part of the page. */
export function useGridsWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

/** Ways that have rows, in the order of WAYS. */
export function waysOf(told: ListGrids): readonly { readonly way: MatchWay; readonly rows: number }[] {
  return WAYS.map((way) => ({ way, rows: told.ways[way] ?? 0 })).filter(({ rows }) => rows > 0)
}

/** Whether the hub looks for rows, or gives them out, just now. */
export function goesOn(told: ListGrids): boolean {
  return told.search !== null && told.search.ended_at === null
}

/** What one may do next: look for rows, look again for the rest, give out what was found. */
export function nextSteps(told: ListGrids): readonly ('search' | 'again' | 'share')[] {
  if (!told.can_share || told.villages === 0 || goesOn(told)) return []
  const looked = told.search !== null
  const steps: ('search' | 'again' | 'share')[] = []
  if (told.ready > 0) steps.push('share')
  if (told.given < told.rows && told.left > 0) steps.push(looked ? 'again' : 'search')
  return steps
}

/** How many rows lie with a grid that nobody walks, and nothing is known of them: nobody would ever tell. */
export function unanswered(line: ListGrids['grids'][number]): number {
  return line.people.length === 0 ? leftOf(line.counts) : 0
}

/** Rows that are given at once, at most. */
const AT_ONCE = 100

/** Numbers of the rows of a grid of which nothing is known yet, in pieces that one command takes. */
export async function leftRows(api: Caller, id: string, center: string, grid: string): Promise<number[][]> {
  const numbers: number[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page = await readRows(api, id, { center, after, grid })
    numbers.push(...page.rows.filter(({ outcome }) => outcome === null).map(({ number }) => number))
    after = page.next
  }
  return Array.from({ length: Math.ceil(numbers.length / AT_ONCE) }, (_, at) => numbers.slice(at * AT_ONCE, (at + 1) * AT_ONCE))
}

export interface InGrids {
  readonly told: Readonly<Ref<ListGrids | undefined>>
  readonly failure: Ref<unknown>
  readonly move: (step: 'search' | 'share' | 'stop') => Promise<void>
  readonly again: () => void
}

export function useInGrids(live: Live, api: Caller, id: string, center: Readonly<Ref<string>>): InGrids {
  const told = shallowRef<ListGrids>()
  const failure = shallowRef<unknown>()
  let timer: ReturnType<typeof setTimeout> | undefined
  function put(found: ListGrids, of: string): void {
    if (of !== center.value) return
    told.value = found
    failure.value = undefined
    clearTimeout(timer)
    if (goesOn(found)) timer = setTimeout(again, EVERY_MS)
  }
  const { again } = useReadAgain(live, async () => {
    const of = center.value
    try {
      put(await readListGrids(api, id, of), of)
    } catch (error) {
      failure.value = error
      throw error
    }
  })
  watch(center, () => {
    told.value = undefined
    again()
  })
  onScopeDispose(() => { clearTimeout(timer) })
  async function move(step: 'search' | 'share' | 'stop'): Promise<void> {
    const of = center.value
    try {
      put(await moveListGrids(api, id, step, of), of)
    } catch (error) {
      failure.value = error
    }
  }
  return { told, failure, move, again }
}
