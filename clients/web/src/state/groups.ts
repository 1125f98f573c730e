/** The groups of centers that one may choose from: read at each greeting and when the hub says that one has changed. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { readGroups } from '@/protocol/groupsApi'
import type { Center, Group } from '@/protocol/types'

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

/** The centers that a group means now, among these (parents first), the first of which is one's own. */
export function membersOf(group: Pick<Group, 'centers' | 'subtrees' | 'levels'>, centers: readonly Center[]): string[] {
  const own = centers[0]?.code
  const named = new Set(group.centers)
  const below = new Set(group.subtrees)
  const levels = new Set<string>(group.levels)
  const found: string[] = []
  for (const center of centers) {
    if (center.parent !== null && below.has(center.parent)) below.add(center.code)
    if (center.code !== own && (named.has(center.code) || below.has(center.code) || levels.has(center.level))) found.push(center.code)
  }
  return found
}
