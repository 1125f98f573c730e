/** Long lists draw only the rows in sight. */

/** The rows of a virtual list that stand in the window, with a few to spare. */
export function windowOf(count: number, rowHeight: number, top: number, height: number): { from: number; to: number } {
  const spare = 6
  const from = Math.max(0, Math.floor(top / rowHeight) - spare)
  return { from, to: Math.min(count, Math.ceil((top + height) / rowHeight) + spare) }
}
