/** Sets of centers that were kept in this browser before the hub kept them: to be taken over, once. */

export interface OldGroup {
  name: string
  centers: string[]
}

const KEY = 'lianxian.groups'

function isGroup(value: unknown): value is OldGroup {
  if (typeof value !== 'object' || value === null) return false
  const { name, centers } = value as { name?: unknown; centers?: unknown }
  return typeof name === 'string' && Array.isArray(centers) && centers.every((code) => typeof code === 'string')
}

export function loadOldGroups(account: string, storage: Storage = localStorage): OldGroup[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(`${KEY}.${account}`) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isGroup) : []
  } catch {
    return []
  }
}

/** Those that are still to be taken over; with none nobody is asked any more. */
export function keepOldGroups(account: string, groups: readonly OldGroup[], storage: Storage = localStorage): void {
  if (groups.length === 0) storage.removeItem(`${KEY}.${account}`)
  else storage.setItem(`${KEY}.${account}`, JSON.stringify(groups))
}
