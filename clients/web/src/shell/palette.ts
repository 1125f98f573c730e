/** What Ctrl-K finds: rooms, centers, meetings, actions, and what features add. */
import type { Found } from '@/features/rooms.contract'
import { isMeant, wordsOf } from '@/parts/finding'
import type { Center, Summary } from '@/protocol/types'

/** So many of one kind are shown. */
export const MOST = 8

/** How near a center is to what was typed: the smaller, the nearer. A name that begins so comes before one far down. */
function distance(path: readonly Center[], text: string): number {
  const center = path.at(-1)
  if (center === undefined) return 99
  const whole = text.trim()
  return (center.name === whole ? 0 : center.name.startsWith(whole) ? 1 : 2) * 10 + path.length
}

/** `pathOf`: a center and those above it, root first. */
export function findCenters(centers: readonly Center[], pathOf: (code: string) => readonly Center[], text: string): readonly (readonly Center[])[] {
  const words = wordsOf(text)
  if (words.length === 0) return []
  const found = centers.map((one) => pathOf(one.code)).filter((path) => isMeant(path, words))
  return found
    .map((path) => ({ path, far: distance(path, text) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST)
    .map((one) => one.path)
}

/** Words of which each stands in the text, in whatever order. */
export function says(text: string, typed: string): boolean {
  const within = text.toLowerCase()
  return wordsOf(typed).every((word) => within.includes(word))
}

export function findMeetings(meetings: readonly Summary[], text: string): readonly Summary[] {
  return meetings.filter((one) => says(`${one.title} ${one.chair.center_name} ${one.chair.name}`, text)).slice(0, MOST)
}

/** What was typed last is what is shown: an older answer that comes late is let go. */
export async function gather(
  finders: readonly ((text: string) => readonly Found[] | Promise<readonly Found[]>)[],
  text: string,
  take: (found: readonly Found[]) => void,
): Promise<boolean> {
  let whole = true
  await Promise.all(
    finders.map(async (find) => {
      try {
        take((await find(text)).slice(0, MOST))
      } catch {
        whole = false
      }
    }),
  )
  return whole
}
