/** Moments of evidence: local, to the second. */
const TWO = (value: number): string => String(value).padStart(2, '0')

/** `2026-11-23 16:05:00` */
export function secondText(at: string): string {
  const moment = new Date(at)
  const day = `${String(moment.getFullYear())}-${TWO(moment.getMonth() + 1)}-${TWO(moment.getDate())}`
  return `${day} ${TWO(moment.getHours())}:${TWO(moment.getMinutes())}:${TWO(moment.getSeconds())}`
}
