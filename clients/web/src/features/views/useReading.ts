/** One reading of a view: its rows page by page, its sums while they are counted, its file while it is made. */
import { onScopeDispose, type Ref, ref, type ShallowRef, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { explanation } from '@/i18n/explain'
import { Refused } from '@/protocol/refusal'
import type { ReadingAsked, ViewFileAsked, ViewReading, ViewRow } from '@/protocol/types'
import { beginReading, type Caller, cancelViewFile, forgetReading, makeViewFile, readReading, readViewRows } from '@/protocol/viewsApi'

/** So often one looks how far the hub has come. */
const LOOK_MS = 700
/** The same while the hub does not answer. */
const AGAIN_MS = 2500
const PAGE = 50

export interface Reading {
  readonly reading: Readonly<ShallowRef<ViewReading | undefined>>
  readonly rows: Readonly<ShallowRef<readonly ViewRow[]>>
  /** Where the next page begins; null: there is none. */
  readonly next: Ref<number | null>
  readonly scanned: Ref<number>
  readonly busy: Ref<boolean>
  /** Why nothing can be read, in words. */
  readonly problem: Ref<string>
  /** The hub has forgotten it. */
  readonly over: Ref<boolean>
  /** The hub began anew while a file was made: it is made once more, from the beginning. */
  readonly anew: Ref<boolean>
  begin: (asked: ReadingAsked, rows?: number) => Promise<void>
  /** So many rows more, or as many as there are. */
  more: (rows?: number) => Promise<void>
  make: (asked: ViewFileAsked) => Promise<void>
  cancel: () => Promise<void>
}

export function useReading(api: Caller): Reading {
  const { t } = useI18n({ useScope: 'global' })
  const reading = shallowRef<ViewReading>()
  const rows = shallowRef<readonly ViewRow[]>([])
  const next = ref<number | null>(null)
  const scanned = ref(0)
  const busy = ref(false)
  const problem = ref('')
  const over = ref(false)
  const anew = ref(false)
  let turn = 0
  let wanted: ReadingAsked | undefined
  let file: ViewFileAsked | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function failed(error: unknown): void {
    over.value = error instanceof Refused && error.code === 'not_found' && error.field === 'reading'
    problem.value = t(explanation(error))
  }
  function drop(): void {
    clearTimeout(timer)
    const old = reading.value?.reading
    // what the hub keeps of it goes by itself, too
    if (old !== undefined) void forgetReading(api, old).catch(() => undefined)
  }
  function watchOn(mine: number, after = LOOK_MS): void {
    clearTimeout(timer)
    const now = reading.value
    if (now?.sums?.state !== 'counting' && now?.file?.state !== 'making') return
    timer = setTimeout(() => {
      void readReading(api, now.reading).then(
        (told) => {
          if (mine !== turn) return
          reading.value = told
          problem.value = ''
          watchOn(mine)
        },
        (error: unknown) => {
          if (mine !== turn) return
          failed(error)
          if (over.value) void makeAnew()
          else watchOn(mine, AGAIN_MS)
        },
      )
    }, after)
  }
  /** What the hub has of a reading goes with its process: a file that was being made is begun again, not lost without a word. */
  async function makeAnew(): Promise<void> {
    const [asked, made] = [wanted, file]
    if (reading.value?.file?.state !== 'making' || asked === undefined || made?.what !== 'rows') return
    await begin(asked, Math.max(PAGE, rows.value.length))
    if (problem.value !== '' || wanted !== asked) return
    anew.value = true
    await make(made)
  }
  async function fill(mine: number, wanted: number): Promise<void> {
    const id = reading.value?.reading
    busy.value = true
    try {
      while (id !== undefined && next.value !== null && rows.value.length < wanted) {
        const page = await readViewRows(api, id, next.value, Math.min(PAGE, wanted - rows.value.length))
        if (mine !== turn) return
        rows.value = [...rows.value, ...page.rows]
        next.value = page.next
        scanned.value = page.scanned
      }
    } catch (error) {
      if (mine === turn) failed(error)
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  async function begin(asked: ReadingAsked, most = PAGE): Promise<void> {
    const mine = ++turn
    drop()
    wanted = asked
    anew.value = false
    busy.value = true
    problem.value = ''
    over.value = false
    try {
      const told = await beginReading(api, asked)
      if (mine !== turn) {
        void forgetReading(api, told.reading).catch(() => undefined)
        return
      }
      reading.value = told
      rows.value = []
      scanned.value = 0
      next.value = told.of > 0 ? 0 : null
      watchOn(mine)
      await fill(mine, most)
    } catch (error) {
      if (mine === turn) failed(error)
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  function make(asked: ViewFileAsked): Promise<void> {
    file = asked
    return change((id) => makeViewFile(api, id, asked))
  }
  async function change(work: (id: string) => Promise<ViewReading | undefined>): Promise<void> {
    const mine = turn
    const id = reading.value?.reading
    if (id === undefined) return
    try {
      const told = await work(id)
      if (mine !== turn) return
      reading.value = told ?? (await readReading(api, id))
      watchOn(mine)
    } catch (error) {
      if (mine === turn) failed(error)
    }
  }
  onScopeDispose(() => {
    turn += 1
    drop()
  })
  return {
    reading,
    rows,
    next,
    scanned,
    busy,
    problem,
    over,
    anew,
    begin,
    more: (some = PAGE) => (busy.value ? Promise.resolve() : fill(turn, rows.value.length + some)),
    make: (asked) => {
      anew.value = false
      return make(asked)
    },
    cancel: () => {
      anew.value = false
      return change(async (id) => {
        await cancelViewFile(api, id)
        return undefined
      })
    },
  }
}
