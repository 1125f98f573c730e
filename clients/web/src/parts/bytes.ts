/** Amounts of bytes, as people read them. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const

/** 1536 -> `1.5 KB`; units of 1024. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1)} ${UNITS[unit] ?? ''}`
}
