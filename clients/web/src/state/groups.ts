/** The groups of centers that one may choose from: read at each greeting and when the hub says that one has changed. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { readGroups } from '@/protocol/groupsApi'
import type { Center, Group, Level, Reach } from '@/protocol/types'

import type { Live } from './live'

export interface GroupList {
  /** Undefined before they were read. */
  readonly all: Readonly<Ref<readonly Group[] | undefined>>
  /** Why they could not be read, while that is so. */
  readonly failure: Readonly<Ref<unknown>>
}

const RETRY_MS = 3000

/** Lives as long as the calling scope. */
export function useGroups(live: Pick<Live, 'socket'>, read: () => Promise<readonly Group[]> = () => readGroups()): GroupList {
  const all = shallowRef<readonly Group[]>()
  const failure = shallowRef<unknown>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function load(): Promise<void> {
    clearTimeout(timer)
    const mine = (asked += 1)
    try {
      const found = await read()
      // a later question has the newer answer
      if (mine !== asked) return
      all.value = found
      failure.value = undefined
    } catch (error) {
      if (mine !== asked) return
      failure.value = error
      timer = setTimeout(() => void load(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('hello', () => void load()),
    live.socket.on('changed', (event) => {
      if (event.what === 'group') void load()
    }),
  ]
  void load()
  onScopeDispose(() => {
    asked += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { all, failure }
}

const STEPS: readonly Level[] = ['city', 'county', 'township', 'village']

/** The centers that a reach means now, among these (parents first); as the hub's `reached` has it. */
export function reached(reach: Reach, centers: readonly Center[]): string[] {
  const below = new Set([reach.center])
  return centers.flatMap(({ code, parent, level }) => {
    if (parent !== null && below.has(parent)) below.add(code)
    if (!below.has(code)) return []
    const meant = reach.only === true ? level === reach.to : code === reach.center || STEPS.indexOf(level) <= STEPS.indexOf(reach.to)
    return meant ? [code] : []
  })
}

/** The centers that a group means now, among these (parents first), the first of which is one's own. */
export function membersOf(group: Pick<Group, 'centers' | 'reaches'>, centers: readonly Center[]): string[] {
  const own = centers[0]?.code
  const meant = new Set([...group.centers, ...group.reaches.flatMap((reach) => reached(reach, centers))])
  return centers.map(({ code }) => code).filter((code) => code !== own && meant.has(code))
}
