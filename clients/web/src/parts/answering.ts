/** Answering by itself: what a page offers. */

const OFFERED: readonly number[] = [0, 5, 15, 30, 60]

/** After so many seconds a center's stations answer; 0 for never. What holds now is always among them. */
export function answerChoices(now: number): readonly number[] {
  return OFFERED.includes(now) ? OFFERED : [...OFFERED, now].sort((a, b) => a - b)
}
