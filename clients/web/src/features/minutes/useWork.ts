/** The text that is being written: saved by itself, kept in this tab until it is, put together with what others save meanwhile. */
import { computed, onScopeDispose, type Ref, ref, shallowRef } from 'vue'

import { type Caller, readDraft, readText, saveWork } from '@/protocol/minutesApi'
import { Refused } from '@/protocol/refusal'
import type { Author, MinutesText } from '@/protocol/types'

import { merge } from './compare'

/** After the last change (ms). */
const SAVE_MS = 1200
const RETRY_MS = 5000

export interface Conflict {
  readonly theirs: MinutesText
  readonly by: Author | undefined
  readonly at: string
  /** Ids of sections that both wrote on; `head` for title and head. */
  readonly both: readonly string[]
}
export type Saving = 'fresh' | 'clean' | 'dirty' | 'saving' | 'failed' | 'conflict'

export interface Work {
  /** Undefined until it was read. */
  readonly text: Readonly<Ref<MinutesText | undefined>>
  readonly saving: Readonly<Ref<Saving>>
  /** Who saved last, and when; undefined before that. */
  readonly saved: Readonly<Ref<{ readonly at: string; readonly by: Author } | undefined>>
  /** The moment of the record that a draft was made from. */
  readonly draftedAt: Readonly<Ref<string>>
  readonly failure: Readonly<Ref<unknown>>
  readonly conflict: Readonly<Ref<Conflict | undefined>>
  /** What else is to be said: whose changes were put in, that something was found again. */
  readonly said: Readonly<Ref<{ readonly key: 'merged' | 'restored'; readonly by: Author | undefined } | undefined>>
  readonly rev: () => number
  read: (saved: boolean) => Promise<void>
  change: (text: MinutesText) => void
  /** Until it is saved; false where it could not be. */
  flush: () => Promise<boolean>
  /** One's choice for the sections that both wrote on. */
  resolve: (text: MinutesText) => Promise<boolean>
}

interface Kept {
  readonly rev: number
  readonly base: MinutesText | null
  readonly text: MinutesText
}

export function useWork(api: Caller, meeting: string, account: string, language: () => 'zh' | 'en', storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = sessionStorage): Work {
  const key = `lianxian.minutes.${account}.${meeting}`
  const text = shallowRef<MinutesText>()
  const saving = ref<Saving>('clean')
  const saved = shallowRef<{ at: string; by: Author }>()
  const draftedAt = ref('')
  const failure = shallowRef<unknown>()
  const conflict = shallowRef<Conflict>()
  const said = shallowRef<{ key: 'merged' | 'restored'; by: Author | undefined }>()
  /** What was read or saved last: before anything was saved, the draft. */
  let base: MinutesText | null = null
  let rev = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let under: Promise<boolean> | undefined

  const keep = (): void => {
    if (text.value === undefined) return
    const kept: Kept = { rev, base, text: text.value }
    try {
      storage.setItem(key, JSON.stringify(kept))
    } catch {
      // a full storage: what is written still stands on the page, and is saved at the hub
    }
  }
  const kept = (): Kept | undefined => {
    try {
      return JSON.parse(storage.getItem(key) ?? 'null') as Kept | undefined ?? undefined
    } catch {
      return undefined
    }
  }
  const later = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), ms)
  }

  async function read(exists: boolean): Promise<void> {
    try {
      if (exists) {
        const found = await readText(api, meeting, 'work')
        base = found.text
        rev = found.rev ?? 0
        if (found.by && found.at) saved.value = { by: found.by, at: found.at }
        text.value = found.text
        saving.value = 'clean'
      } else {
        const found = await readDraft(api, meeting, language())
        base = found.text
        rev = 0
        text.value = found.text
        draftedAt.value = found.as_of
        saving.value = 'fresh'
      }
      failure.value = undefined
      restore()
    } catch (error) {
      failure.value = error
    }
  }
  /** What was written in this tab and not saved before it was loaded anew. */
  function restore(): void {
    const mine = kept()
    if (mine === undefined || text.value === undefined || JSON.stringify(mine.text) === JSON.stringify(text.value)) return
    const was = mine.base ?? mine.text
    const { text: together, both } = mine.rev === rev ? { text: mine.text, both: [] as readonly string[] } : merge(was, mine.text, text.value)
    if (both.length > 0) meets(text.value, both)
    text.value = together
    said.value = { key: 'restored', by: undefined }
    if (both.length === 0) {
      saving.value = 'dirty'
      later(0)
    }
  }
  function meets(theirs: MinutesText, both: readonly string[]): void {
    conflict.value = { theirs, both, by: saved.value?.by, at: saved.value?.at ?? '' }
    saving.value = 'conflict'
  }

  function change(to: MinutesText): void {
    text.value = to
    said.value = undefined
    keep()
    if (saving.value === 'conflict') return
    if (saving.value !== 'saving') saving.value = 'dirty'
    later(SAVE_MS)
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer)
    if (under !== undefined) {
      await under
      return save()
    }
    if (text.value === undefined || saving.value === 'conflict') return saving.value !== 'conflict'
    // a draft that nobody has changed is nobody's text yet
    if (saving.value === 'clean' || saving.value === 'fresh') return true
    under = once(text.value)
    try {
      return await under
    } finally {
      under = undefined
    }
  }
  async function once(sent: MinutesText): Promise<boolean> {
    saving.value = 'saving'
    try {
      const done = await saveWork(api, meeting, rev, sent)
      rev = done.rev
      base = sent
      saved.value = { at: done.at, by: done.by }
      failure.value = undefined
      if (text.value === sent) {
        saving.value = 'clean'
        storage.removeItem(key)
      } else {
        saving.value = 'dirty'
        keep()
        later(SAVE_MS)
      }
      return true
    } catch (error) {
      if (error instanceof Refused && error.code === 'conflict') return meet()
      failure.value = error
      saving.value = 'failed'
      // what the hub says no to is no for this text: another change tries again
      if (!(error instanceof Refused) || error.code === 'unavailable' || error.code === 'too_many') later(RETRY_MS)
      return false
    }
  }
  /** Another has saved: what only one of both changed is put together, for the rest somebody has to choose. */
  async function meet(): Promise<boolean> {
    try {
      const found = await readText(api, meeting, 'work')
      const own = text.value
      if (own === undefined) return false
      const { text: together, both } = merge(base ?? found.text, own, found.text)
      rev = found.rev ?? 0
      base = found.text
      if (found.by && found.at) saved.value = { by: found.by, at: found.at }
      text.value = together
      if (both.length > 0) {
        meets(found.text, both)
        keep()
        return false
      }
      said.value = { key: 'merged', by: found.by ?? undefined }
      return await once(together)
    } catch (error) {
      failure.value = error
      saving.value = 'failed'
      later(RETRY_MS)
      return false
    }
  }

  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return {
    text,
    saving,
    saved,
    draftedAt,
    failure,
    conflict: computed(() => conflict.value),
    said,
    rev: () => rev,
    read,
    change,
    flush: save,
    async resolve(chosen) {
      conflict.value = undefined
      saving.value = 'dirty'
      text.value = chosen
      keep()
      return save()
    },
  }
}
