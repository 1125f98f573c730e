/** The wall of tiles: how large they are, who stands first, and which slot carries whom. Pure. */

export interface Grid {
  readonly columns: number
  readonly rows: number
  /** px */
  readonly width: number
  readonly height: number
}

const GAP = 6
const RATIO = 16 / 9

/** So much smaller a tile may be for the sake of one row less, which leaves the stage its height. */
const FEWER_ROWS = 0.86

/** The columns that make `count` equal 16:9 tiles the largest, or nearly, in a box of this size (px). */
export function gridFor(count: number, width: number, height: number): Grid {
  let best: Grid = { columns: 1, rows: Math.max(1, count), width: 0, height: 0 }
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(Math.max(1, count) / columns)
    const wide = (width - GAP * (columns - 1)) / columns
    const high = (height - GAP * (rows - 1)) / rows
    const tile = Math.floor(Math.min(wide, high * RATIO))
    // columns grow, so rows shrink from try to try
    const fewer = rows < best.rows && tile >= best.width * FEWER_ROWS
    if (tile > best.width || fewer) best = { columns, rows, width: tile, height: Math.floor(tile / RATIO) }
  }
  return best
}

/**
 * Who stands in which of `count` slots: whoever is wanted still keeps the slot, newcomers take what is free.
 * Whoever does not fit is left out.
 */
export function assignSlots(
  before: readonly (string | null)[],
  wanted: readonly string[],
  count: number,
): (string | null)[] {
  const fitting = wanted.slice(0, count)
  const set = new Set(fitting)
  const slots = Array.from({ length: count }, (_, at) => {
    const who = before[at] ?? null
    return who !== null && set.has(who) ? who : null
  })
  const placed = new Set(slots)
  const coming = fitting.filter((who) => !placed.has(who))
  return slots.map((who) => who ?? coming.shift() ?? null)
}

const NOBODY: ReadonlySet<string> = new Set()

/**
 * Who stands on the first page of a wall that does not hold everybody: those pinned there and those who spoke
 * last. Nobody moves without need: a speaker from a later page changes places with the one of the first page
 * who has been silent for the longest, and newcomers stand at the end. Who is away keeps his place for when he is back.
 */
export class SpeakerOrder {
  private order: string[] = []
  private readonly spoke = new Map<string, number>()
  private turns = 0

  /** Take in who is there (of them some are away for now) and who speaks; returns all others in order. `first` fit on the first page. */
  arrange(there: readonly string[], speaker: string | null, pinned: ReadonlySet<string>, first: number, away: ReadonlySet<string> = NOBODY): readonly string[] {
    const present = new Set(there)
    const known = new Set(this.order)
    this.order = [...this.order.filter((who) => present.has(who)), ...there.filter((who) => !known.has(who))]
    if (speaker !== null && present.has(speaker)) this.spoke.set(speaker, (this.turns += 1))
    const wanted = [...pinned, ...(speaker === null ? [] : [speaker])].filter((who) => !away.has(who))
    for (const who of wanted) this.bringForward(who, new Set(wanted), first, away)
    return this.order.filter((who) => !away.has(who))
  }

  private bringForward(who: string, stay: ReadonlySet<string>, first: number, away: ReadonlySet<string>): void {
    const seen = this.order.filter((one) => !away.has(one))
    if (seen.indexOf(who) < first) return
    const silent = seen
      .slice(0, first)
      .filter((one) => !stay.has(one))
      .reduce<string | undefined>((least, one) => (least === undefined || this.turnOf(one) < this.turnOf(least) ? one : least), undefined)
    if (silent === undefined) return
    this.order = this.order.map((one) => (one === silent ? who : one === who ? silent : one))
  }

  private turnOf(who: string): number {
    return this.spoke.get(who) ?? 0
  }
}
