/** Chapters out of WebVTT, as the hub writes it: one line of words each. */

export interface Chapter {
  /** From the film's beginning. */
  readonly atMs: number
  readonly title: string
}

const LINE = /^(\d{2,}):(\d{2}):(\d{2})\.(\d{3}) --> /

export function chaptersOf(text: string): readonly Chapter[] {
  const lines = text.split(/\r?\n/)
  return lines.flatMap((line, at) => {
    const found = LINE.exec(line)
    if (found === null) return []
    const [hours = 0, minutes = 0, seconds = 0, ms = 0] = found.slice(1).map(Number)
    const title = (lines[at + 1] ?? '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    return [{ atMs: ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms, title }]
  })
}

/** The one that goes on at this moment. */
export function chapterAt(chapters: readonly Chapter[], ms: number): number {
  return chapters.findLastIndex((one) => one.atMs <= ms)
}
