/** Who signed in last on this machine: it stands in the field the next time. */
const KEY = 'lianxian.station.present'

export interface Present {
  readonly name: string
  readonly duty: string
}

export function lastPresent(): Present {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Present> | null
    return { name: String(stored?.name ?? ''), duty: String(stored?.duty ?? '') }
  } catch {
    return { name: '', duty: '' }
  }
}

export function keepPresent(present: Present): void {
  localStorage.setItem(KEY, JSON.stringify(present))
}
