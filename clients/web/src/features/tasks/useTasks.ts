/** Routine tasks as the hub tells them: read at each greeting, kept by what changes. Numbers depend on who reads, so they are read. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { type Caller, readTasks, type TasksQuery } from '@/protocol/tasksApi'
import type { ChangedEvent, Task, TaskReply } from '@/protocol/types'
import type { Live } from '@/state/live'

export interface TaskList {
  readonly all: Readonly<Ref<readonly Task[]>>
  /** The hub's (IANA). */
  readonly zone: Readonly<Ref<string>>
  readonly ready: Readonly<Ref<boolean>>
  /** Message key of why it could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  again: () => Promise<void>
}

export interface Told {
  /** Code of one's own center. */
  readonly center: string
  /** Whether numbers are shown: what changes is then read again. */
  readonly counts: boolean
  readonly query: () => TasksQuery
}

/** So long (ms) changes are gathered before numbers are read again. */
const GATHER_MS = 1_500
const RETRY_MS = 3_000

/** What was told takes the place of what was known; what is one's own stays, as long as it is about the same round. */
export function merged(told: Task, known: Task | undefined, center: string): Task {
  const same = known?.round?.round === told.round?.round
  const asked = known?.asked ?? told.by.center !== center
  return { ...told, asked, counts: same ? (known?.counts ?? null) : null, own: same ? (known?.own ?? null) : null }
}

/** In the scope of who shows them. */
export function useTasks(live: Pick<Live, 'socket'>, api: Caller, told: Told): TaskList {
  const all = shallowRef<readonly Task[]>([])
  const zone = ref('Asia/Shanghai')
  const ready = ref(false)
  const problem = ref<string>()
  const stale = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function read(): Promise<void> {
    turn += 1
    const mine = turn
    clearTimeout(timer)
    stale.clear()
    try {
      const page = await readTasks(api, told.query())
      if (mine !== turn) return
      all.value = page.tasks
      zone.value = page.time_zone
      ready.value = true
      problem.value = undefined
    } catch (error) {
      if (mine !== turn) return
      problem.value = explanation(error)
      timer = setTimeout(() => void read(), RETRY_MS)
    }
  }
  function put(task: Task): void {
    all.value = all.value.some(({ id }) => id === task.id) ? all.value.map((one) => (one.id === task.id ? task : one)) : [task, ...all.value]
  }
  function later(id: string): void {
    stale.add(id)
    if (stale.size === 1) timer = setTimeout(() => void readStale(), GATHER_MS)
  }
  async function readStale(): Promise<void> {
    const ids = [...stale]
    stale.clear()
    const mine = turn
    for (const id of ids) {
      try {
        const page = await readTasks(api, { ...told.query(), id })
        if (mine !== turn) return
        const [found] = page.tasks
        if (found !== undefined) put(found)
        else all.value = all.value.filter((one) => one.id !== id)
      } catch {
        // the next change, or the next greeting, reads it
      }
    }
  }
  function take(event: ChangedEvent): void {
    const { id, value, reported } = event
    const known = all.value.find((one) => one.id === id)
    if (value !== undefined && value !== null) {
      const task = merged(value as Task, known, told.center)
      // whether one that is new belongs here, and what one's own side of it is, the hub knows best
      if (known !== undefined || !told.counts) put(task)
      if (told.counts || (known === undefined && task.by.center === told.center)) later(id)
      return
    }
    const own: TaskReply | undefined = reported?.[told.center]
    if (known !== undefined && own?.round === known.round?.round && own !== undefined) put({ ...known, own })
    if (told.counts) later(id)
  }
  const offs = [
    live.socket.on('changed', (event) => {
      if (event.what === 'task') take(event)
    }),
    live.socket.on('hello', () => void read()),
  ]
  watch(() => JSON.stringify(told.query()), () => {
    all.value = []
    ready.value = false
    void read()
  })
  void read()
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { all, zone, ready, problem, again: read }
}
