/** Which lines of words stand over the pictures here: those for all, and those for the own center. Pure. */
import type { Banner, BannerLine, BannerRow } from '@/protocol/types'

/** Longest text, in characters, as the hub has it. */
export const MOST: Readonly<Record<BannerLine['kind'], number>> = { banner: 60, ticker: 200 }

export function linesOf(forAll: Banner | undefined, own: BannerRow | undefined): readonly BannerLine[] {
  return [own?.banner ?? forAll?.banner, own?.ticker ?? forAll?.ticker].filter((one) => one !== null && one !== undefined)
}

/** How far (s) a ticker has run at this moment: whoever comes later sees it where the others do. */
export function ranFor(line: BannerLine, now: number): number {
  return line.run_seconds === null ? 0 : Math.max(0, (now - Date.parse(line.at)) / 1000) % line.run_seconds
}
