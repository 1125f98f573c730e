/** The files that somebody is about to send with a report or an order: each on its way, there, or refused. */
import { computed, type ComputedRef, onScopeDispose, shallowRef } from 'vue'

import { typeOf } from '@/protocol/fileTypes'
import type { NamedObject } from '@/protocol/types'
import { type Door, type Progress, Upload } from '@/protocol/upload'

/** As many as the hub takes with one report or order. */
export const MOST = 9

export interface Attached extends Progress {
  readonly id: number
  readonly name: string
  readonly bytes: number
}

export interface Attachments {
  readonly files: Readonly<{ value: readonly Attached[] }>
  /** Whether something is on its way or was refused: it cannot be sent yet. */
  readonly unready: ComputedRef<boolean>
  readonly full: ComputedRef<boolean>
  readonly add: (files: Iterable<File>) => void
  readonly retry: (id: number) => void
  readonly remove: (id: number) => void
  /** What a command names: all that is there, in the order in which it was chosen. */
  readonly named: () => NamedObject[]
  /** What was named and refused comes back. */
  readonly giveBack: (objects: readonly NamedObject[]) => void
  /** They are named now: forget them, and leave them to the hub. */
  readonly clear: () => void
}

export function useAttachments(door?: Door, pauses?: readonly number[]): Attachments {
  const files = shallowRef<readonly Attached[]>([])
  const sources = new Map<number, { file: File; upload: Upload }>()
  let next = 1

  function start(id: number, file: File): void {
    const tell = (progress: Progress): void => {
      files.value = files.value.map((one) => (one.id === id ? { id, name: one.name, bytes: one.bytes, ...progress } : one))
    }
    const upload = new Upload(file, typeOf(file), tell, door, pauses)
    sources.set(id, { file, upload })
    void upload.run()
  }

  function add(chosen: Iterable<File>): void {
    for (const file of chosen) {
      if (files.value.length >= MOST) return
      const id = next++
      files.value = [...files.value, { id, name: shortened(file.name), bytes: file.size, phase: 'sending', sent: 0 }]
      start(id, file)
    }
  }

  function retry(id: number): void {
    const found = sources.get(id)
    const shown = files.value.find((one) => one.id === id)
    if (found === undefined || shown === undefined) return
    if (shown.phase === 'refused') start(id, found.file)
    else found.upload.goOn()
  }

  function remove(id: number): void {
    const { upload } = sources.get(id) ?? {}
    if (files.value.find((one) => one.id === id)?.phase !== 'done') upload?.cancel()
    sources.delete(id)
    files.value = files.value.filter((one) => one.id !== id)
  }

  function giveBack(objects: readonly NamedObject[]): void {
    files.value = [
      ...files.value,
      ...objects.map(({ name, ...object }) => ({ id: next++, name, bytes: object.bytes, phase: 'done' as const, sent: object.bytes, object })),
    ]
  }

  function clear(): void {
    for (const { id } of files.value) remove(id)
  }

  const online = (): void => {
    for (const { upload } of sources.values()) upload.goOn()
  }
  window.addEventListener('online', online)
  onScopeDispose(() => {
    window.removeEventListener('online', online)
    clear()
  })

  return {
    files,
    unready: computed(() => files.value.some((one) => one.phase !== 'done')),
    full: computed(() => files.value.length >= MOST),
    add,
    retry,
    remove,
    named: () => files.value.flatMap(({ object, name }) => (object === undefined ? [] : [{ ...object, name }])),
    giveBack,
    clear,
  }
}

/** At most 200 characters, the ending kept. */
function shortened(name: string): string {
  const letters = Array.from(name.trim() === '' ? '文件' : name.trim())
  return letters.length <= 200 ? letters.join('') : [...letters.slice(0, 180), '…', ...letters.slice(-15)].join('')
}
