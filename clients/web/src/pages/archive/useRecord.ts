/** The record of one meeting: read whole, then kept up while the meeting runs. */
import { computed, type ComputedRef, onBeforeUnmount, type Ref, ref, shallowRef } from 'vue'

import type { Api } from '@/protocol/api'
import type { Entry, Part, Snapshot } from '@/protocol/types'

import { momentOf } from './timeline'

const PAGE = 500
/** How often a running meeting is asked for news. */
const POLL_MS = 4_000

export interface RecordOfMeeting {
  readonly snapshot: Readonly<Ref<Snapshot | undefined>>
  /** In the order of their moments (a note stands where it was meant), then of their numbers. */
  readonly entries: Readonly<Ref<readonly Entry[]>>
  readonly parts: Readonly<Ref<readonly Part[]>>
  readonly problem: Readonly<Ref<unknown>>
  readonly live: ComputedRef<boolean>
  /** ms since 1970 of the last answer, while the hub does not answer; undefined while it does. */
  readonly asOf: Readonly<Ref<number | undefined>>
  /** Length of the meeting so far, in ms. */
  readonly lengthMs: ComputedRef<number>
  /** Entries that this page caused, before the next poll brings them. */
  learn(more: readonly Entry[]): void
}

export function useRecord(api: Api, meeting: string): RecordOfMeeting {
  const snapshot = shallowRef<Snapshot>()
  const entries = shallowRef<readonly Entry[]>([])
  const parts = shallowRef<readonly Part[]>([])
  const problem = shallowRef<unknown>(null)
  const now = ref(Date.now())
  const asOf = ref<number>()
  let answered: number | undefined
  let last = 0
  let gone = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function learn(more: readonly Entry[]): void {
    const opened = snapshot.value?.opened_at
    const known = new Set(entries.value.map((entry) => entry.seq))
    const fresh = more.filter((entry) => entry.meeting === meeting && !known.has(entry.seq))
    if (fresh.length === 0 || opened === undefined) return
    entries.value = [...entries.value, ...fresh].sort(
      (a, b) => momentOf(a, opened) - momentOf(b, opened) || a.seq - b.seq,
    )
  }

  async function readEntries(): Promise<void> {
    for (;;) {
      const page = await api.entries(meeting, last, PAGE)
      learn(page.entries)
      last = Math.max(last, ...page.entries.map((entry) => entry.seq))
      if (page.entries.length < PAGE || gone) return
    }
  }

  async function readAll(): Promise<void> {
    const [fresh, recordings] = await Promise.all([api.meeting(meeting), api.recordings(meeting)])
    if (gone) return
    snapshot.value = fresh
    parts.value = recordings.flatMap((recording) => recording.parts)
    await readEntries()
    answered = now.value = Date.now()
    asOf.value = undefined
    problem.value = null
  }

  async function keepUp(): Promise<void> {
    try {
      await readAll()
    } catch (error) {
      problem.value = error
      // what is shown was so then, and does not go on by itself
      asOf.value = answered
      if (answered !== undefined) now.value = answered
    }
    const unfinished =
      problem.value !== null ||
      snapshot.value?.state === 'open' ||
      parts.value.some((part) => part.state === 'recording')
    if (unfinished && !gone) timer = setTimeout(() => void keepUp(), POLL_MS)
  }
  const clock = setInterval(() => {
    if (snapshot.value?.state === 'open' && asOf.value === undefined) now.value = Date.now()
  }, 1_000)
  onBeforeUnmount(() => {
    gone = true
    clearTimeout(timer)
    clearInterval(clock)
  })
  void keepUp()

  const live = computed(() => snapshot.value?.state === 'open')
  const lengthMs = computed(() => {
    const known = snapshot.value
    if (!known) return 0
    const opened = Date.parse(known.opened_at)
    if (known.ended_at !== null) return Math.max(0, Date.parse(known.ended_at) - opened)
    // This machine's clock may be wrong: never shorter than what the record itself shows.
    const shown = entries.value.map((entry) => Date.parse(entry.at) - opened)
    return Math.max(0, now.value - opened, ...shown)
  })
  return { snapshot, entries, parts, problem, live, asOf, lengthMs, learn }
}
