/** The head of a meeting's record: how long. Plain values for the page. */
import type { Snapshot } from '@/protocol/types'

export interface Minutes {
  readonly durationMs: number
  readonly running: boolean
}

/** `now` in ms since the epoch, for a meeting that still runs. */
export function minutesOf(snapshot: Snapshot, now: number): Minutes {
  const running = snapshot.state === 'open'
  const end = snapshot.ended_at === null ? now : Date.parse(snapshot.ended_at)
  return {
    durationMs: Math.max(0, end - Date.parse(snapshot.opened_at)),
    running,
  }
}

/** 1:02:03 or 02:03; with `tenths` also the tenth, where seconds are evidence. */
export function clockText(ms: number, tenths = false): string {
  const total = Math.max(0, tenths ? Math.floor(ms / 100) : Math.floor(ms / 1000))
  const seconds = tenths ? Math.floor(total / 10) : total
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const head = hours > 0 ? `${String(hours)}:${two(Math.floor(seconds / 60) % 60)}` : two(Math.floor(seconds / 60))
  const text = `${head}:${two(seconds % 60)}`
  return tenths ? `${text}.${String(total % 10)}` : text
}
