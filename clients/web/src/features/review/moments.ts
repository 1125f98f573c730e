/** Moments of a meeting on its page: 02:03 or 1:02:03 since it was opened, and the instant that is meant. */

/** `tenths`: with the tenth, where it counts. */
export function moment(ms: number, tenths = false): string {
  const total = Math.max(0, Math.floor(ms / 100))
  const seconds = Math.floor(total / 10)
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const text = `${hours > 0 ? `${String(hours)}:${two(Math.floor(seconds / 60) % 60)}` : two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
  return tenths ? `${text}.${String(total % 10)}` : text
}

export function instant(openedAt: string, ms: number): string {
  return new Date(Date.parse(openedAt) + ms).toISOString()
}

export function sinceOpening(openedAt: string, at: string): number {
  return Date.parse(at) - Date.parse(openedAt)
}
