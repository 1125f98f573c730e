/** The board of one round, as the hub tells it: read once, each answer put in as it comes. An answer never changes. */
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { type Caller, readBoard } from '@/protocol/tasksApi'
import type { TaskBoard, TaskReply } from '@/protocol/types'
import type { Live } from '@/state/live'

export interface Board {
  /** Codes of those that are asked and may be seen; undefined before they were read. */
  readonly centers: Readonly<Ref<readonly string[] | undefined>>
  readonly answers: Readonly<Ref<ReadonlyMap<string, TaskReply>>>
  /** Message key of why it could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
}

const RETRY_MS = 3_000

export function useBoard(live: Pick<Live, 'socket'>, api: Caller, which: () => { task: string; round: number } | undefined): Board {
  const read = shallowRef<TaskBoard>()
  const answers = shallowRef<ReadonlyMap<string, TaskReply>>(new Map())
  const problem = ref<string>()
  /** Came while it was being read: it may be in what is read, or not. */
  let fresh = new Map<string, TaskReply>()
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    turn += 1
    const mine = turn
    clearTimeout(timer)
    const asked = which()
    if (asked === undefined) return
    fresh = new Map()
    try {
      const board = await readBoard(api, asked.task, asked.round)
      if (mine !== turn) return
      read.value = board
      answers.value = new Map([...board.answers.map((one) => [one.center, one] as const), ...fresh])
      problem.value = undefined
    } catch (error) {
      if (mine !== turn) return
      problem.value = explanation(error)
      timer = setTimeout(() => void load(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('changed', ({ what, id, reported }) => {
      const asked = which()
      if (what !== 'task' || id !== asked?.task) return
      const rows = Object.values(reported ?? {}).filter(({ round }) => round === asked.round)
      if (rows.length === 0) return
      for (const row of rows) fresh.set(row.center, row)
      answers.value = new Map([...answers.value, ...rows.map((row) => [row.center, row] as const)])
    }),
    live.socket.on('hello', () => void load()),
  ]
  watch(() => JSON.stringify(which()), () => {
    read.value = undefined
    answers.value = new Map()
    void load()
  }, { immediate: true })
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { centers: computed(() => read.value?.centers), answers, problem }
}
