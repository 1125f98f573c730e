/** Small pictures of moments, for whom the pointer is over the time line: fetched when they are first wanted. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import type { Api } from '@/protocol/api'
import { readSmallPictures } from '@/protocol/reviewApi'
import type { Part, SmallPictures } from '@/protocol/types'

const AGAIN_MS = 3_000
/** Asked for so often while they are made. */
const MOST_TRIES = 40
const SHEET = 100

export interface Thumb {
  readonly part: string
  readonly name: string
  /** The sheet, and where on it (px). */
  readonly url: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The picture of a part at a moment of it: the last one that is not later. */
export function pictureAt(small: SmallPictures, atMs: number): { url: string; x: number; y: number } | undefined {
  let at = -1
  for (const [index, ms] of small.at_ms.entries()) if (ms <= atMs) at = index
  const url = small.sheets[Math.floor(Math.max(at, 0) / SHEET)]
  if (at < 0 || url === undefined || small.row === 0) return undefined
  const place = at % SHEET
  return { url, x: (place % small.row) * small.width, y: Math.floor(place / small.row) * small.height }
}

export function useThumbs(api: Pick<Api, 'call'>, parts: Readonly<Ref<readonly Part[]>>) {
  const known = shallowRef<Readonly<Record<string, SmallPictures>>>({})
  const asked = new Set<string>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let gone = false

  async function ask(part: Part, tries = 0): Promise<void> {
    if (gone || part.media === null) return
    try {
      const small = await readSmallPictures(api, part.media)
      if (small.state === 'ready') known.value = { ...known.value, [part.id]: small }
      else if (small.state === 'making' && tries < MOST_TRIES) timers.add(setTimeout(() => void ask(part, tries + 1), AGAIN_MS))
    } catch {
      // the line is shown without them; the next time the pointer comes they are asked for again
      asked.delete(part.id)
    }
  }
  onScopeDispose(() => {
    gone = true
    for (const timer of timers) clearTimeout(timer)
  })

  return {
    /** Have those that stand at this moment at hand. */
    want: (atMs: number): void => {
      for (const part of parts.value) {
        if (asked.has(part.id) || part.state !== 'closed' || !part.tracks.some((track) => track.kind === 'video')) continue
        if (atMs < part.offset_ms || atMs > part.offset_ms + (part.duration_ms ?? 0)) continue
        asked.add(part.id)
        void ask(part)
      }
    },
    /** At most so many, that of `first` (who was broadcast) before others. */
    at: (atMs: number, first: string | null, most = 3): readonly Thumb[] =>
      parts.value
        .filter((part) => atMs >= part.offset_ms && atMs <= part.offset_ms + (part.duration_ms ?? 0))
        .sort((a, b) => Number(b.participant === first) - Number(a.participant === first))
        .flatMap((part) => {
          const small = known.value[part.id]
          const found = small === undefined ? undefined : pictureAt(small, atMs - part.offset_ms)
          return small === undefined || found === undefined ? [] : [{ part: part.id, name: part.name, width: small.width, height: small.height, ...found }]
        })
        .slice(0, most),
  }
}

export type Thumbs = ReturnType<typeof useThumbs>
