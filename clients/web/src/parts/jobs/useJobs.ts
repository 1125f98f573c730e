/** The jobs of one meeting, kept up by what the hub tells; asking for one, and ending it. */
import { computed, type ComputedRef, onBeforeUnmount, type Ref, ref, shallowRef } from 'vue'

import { type Actions, useActions } from '@/parts/actions'
import type { Api } from '@/protocol/api'
import { readJobs } from '@/protocol/jobsApi'
import type { ChangedEvent, CommandData, Job } from '@/protocol/types'
import type { Live } from '@/state/live'

/** So long (ms) until it is tried again to read them. */
const RETRY_MS = 4_000

export interface Jobs {
  /** Newest first; undefined until they were read. */
  readonly list: Readonly<Ref<readonly Job[] | undefined>>
  /** Those that wait or run. */
  readonly open: ComputedRef<readonly Job[]>
  /** Why they could not be read. */
  readonly problem: Readonly<Ref<unknown>>
  readonly actions: Actions
  /** Have something done; whether the hub took it. */
  ask: (options: CommandData['job.ask']['options']) => Promise<boolean>
  cancel: (job: Job) => Promise<void>
}

export function isOpen(job: Job): boolean {
  return job.state === 'waiting' || job.state === 'running'
}

/** A job over an older one: what is over stays so, whatever comes late. */
export function newer(known: Job | undefined, told: Job): boolean {
  return known === undefined || isOpen(known) || !isOpen(told)
}

/** `kind`: only those of this kind. */
export function useJobs(api: Pick<Api, 'call'>, live: Pick<Live, 'socket' | 'command'>, meeting: string, kind: string): Jobs {
  const list = shallowRef<readonly Job[]>()
  const problem = ref<unknown>(null)
  const actions = useActions(live)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  function put(job: Job): void {
    const known = list.value ?? []
    if (!newer(known.find((each) => each.id === job.id), job)) return
    list.value = [job, ...known.filter((each) => each.id !== job.id)].sort((a, b) => (a.asked_at < b.asked_at ? 1 : -1))
  }
  async function read(): Promise<void> {
    clearTimeout(timer)
    try {
      const { jobs } = await readJobs(api, meeting, kind)
      if (gone) return
      list.value = jobs
      problem.value = null
    } catch (error) {
      problem.value = error
      if (!gone) timer = setTimeout(() => void read(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('changed', (event: ChangedEvent) => {
      if (event.what !== 'job' || event.meeting !== meeting) return
      const job = event.value as Job | null
      if (job === null) void read()
      else if (job.kind === kind) put(job)
    }),
    // what was told while the line was away was not heard
    live.socket.on('hello', () => void read()),
  ]
  onBeforeUnmount(() => {
    gone = true
    clearTimeout(timer)
    for (const off of offs) off()
  })
  void read()

  return {
    list,
    open: computed(() => (list.value ?? []).filter(isOpen)),
    problem,
    actions,
    async ask(options) {
      const answer = await actions.run(`ask-${kind}`, 'job.ask', { kind, options }, meeting)
      if (answer !== undefined) await read()
      return answer !== undefined
    },
    async cancel(job) {
      const answer = await actions.run(`cancel-${job.id}`, 'job.cancel', { job: job.id }, meeting)
      if (answer !== undefined) await read()
    },
  }
}
