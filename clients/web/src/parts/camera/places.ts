/** Which slot of the watch session each camera stands in: it keeps the one it has, so that nothing flickers when a wall is laid out anew. Pure. */

/** The slots after these cameras are wanted, each once; what is wanted beyond them is left out. */
export function placed(before: readonly (string | null)[], wanted: readonly (string | null)[]): (string | null)[] {
  const named = [...new Set(wanted.filter((one) => one !== null))].slice(0, before.length)
  const stay = new Set(named)
  const next = before.map((one) => (one !== null && stay.delete(one) ? one : null))
  const free = [...next.keys()].filter((at) => next[at] === null)
  // the slots that stood empty first: what goes on in the others ends a moment later
  free.sort((one, other) => Number(before[one] !== null) - Number(before[other] !== null) || one - other)
  for (const [at, camera] of [...stay].entries()) {
    const slot = free[at]
    if (slot !== undefined) next[slot] = camera
  }
  return next
}
