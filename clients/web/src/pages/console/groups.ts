/** Saved sets of centers, kept in this browser. */

export interface Group {
  name: string
  centers: string[]
}

const KEY = 'lianxian.groups'

function isGroup(value: unknown): value is Group {
  if (typeof value !== 'object' || value === null) return false
  const { name, centers } = value as { name?: unknown; centers?: unknown }
  return typeof name === 'string' && Array.isArray(centers) && centers.every((code) => typeof code === 'string')
}

export function loadGroups(account: string, storage: Storage = localStorage): Group[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(`${KEY}.${account}`) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isGroup) : []
  } catch {
    return []
  }
}

export function saveGroups(account: string, groups: readonly Group[], storage: Storage = localStorage): void {
  storage.setItem(`${KEY}.${account}`, JSON.stringify(groups))
}
