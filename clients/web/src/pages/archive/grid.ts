/** How many columns let tiles of 16:9 fill an area best. */

/** Columns for `count` tiles in an area of pixels, so that each tile is as large as can be; 1 for nothing. */
export function bestColumns(count: number, width: number, height: number, gap = 8): number {
  let best = 1
  let largest = 0
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns)
    const wide = (width - gap * (columns - 1)) / columns
    const high = (height - gap * (rows - 1)) / rows
    const fit = Math.min(wide, (high * 16) / 9)
    if (fit > largest + 0.5) {
      largest = fit
      best = columns
    }
  }
  return best
}
