/** The films of one meeting: the newest that is made, the one that is being made, and what one would cost. */
import { computed, type ComputedRef } from 'vue'

import { type Jobs, useJobs } from '@/parts/jobs/useJobs'
import { jobFile } from '@/protocol/jobsApi'
import type { Job, MadeFile } from '@/protocol/types'
import { useSession } from '@/state/session'
import type { Shell } from '@/state/shell'

import type { ArchiveFilm } from '../archive.contract'

export interface Films {
  readonly jobs: Jobs
  /** Whether the reader may have films made. */
  readonly may: ComputedRef<boolean>
  /** The newest film. */
  readonly made: ComputedRef<Job | undefined>
  /** What is to be told of the newest that is no film yet: it waits, runs, failed. */
  readonly last: ComputedRef<Job | undefined>
}

/** The film among what came of a job. */
export function fileOf(job: Job): MadeFile | undefined {
  return job.files.find((file) => file.name.endsWith('.mp4'))
}

/** Where the film stands on the time of the meeting; undefined for a job that made none. */
export function filmOf(job: Job, openedAt: string): ArchiveFilm | undefined {
  const { began_at: began, duration_ms: duration } = job.told
  const file = fileOf(job)
  if (file === undefined || typeof began !== 'string' || typeof duration !== 'number') return undefined
  return { media: jobFile(job.id, file.name), offsetMs: Date.parse(began) - Date.parse(openedAt), durationMs: duration }
}

export function useFilms(shell: Shell, meeting: string): Films {
  const jobs = useJobs(useSession().api, shell.live, meeting, 'film')
  const list = computed(() => jobs.list.value ?? [])
  return {
    jobs,
    may: computed(() => shell.live.can.value.has('recording.make')),
    made: computed(() => list.value.find((job) => job.state === 'done' && fileOf(job) !== undefined)),
    last: computed(() => {
      const newest = list.value[0]
      return newest === undefined || newest.state === 'done' ? undefined : newest
    }),
  }
}
