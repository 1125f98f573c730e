/** What a phone keeps in IndexedDB: whose it is, what waits to be sent, and what it was told last. Everything about people is sealed. */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'

import type { Sealed, Wrapped } from './sealing'

/** Whose phone this is. The name alone is readable without the PIN: it stands on the lock. */
export interface Owner {
  /** Of the hub's device; null where somebody signed in with a password. */
  readonly device: string | null
  readonly account: string
  readonly name: string
  readonly wrapped: Wrapped
  /** Wrong PINs since the last right one. */
  readonly wrong: number
}

/** The key, for a while after the PIN: a page that was reloaded or killed goes on. */
export interface Opened {
  readonly key: CryptoKey
  /** ms since 1970. */
  readonly until: number
}

/**
 * `held`: it can be taken back until `heldUntil`; `waiting`: it is sent in its turn; `refused`: the hub said no, somebody corrects
 * or drops it; `sent`: the journal has it, as entry `seq`.
 */
export type ItemState = 'held' | 'waiting' | 'refused' | 'sent'

/** One thing to be sent, as it stands on the disk. */
export interface Row {
  /** Given by the disk: things are sent in this order. */
  order: number
  /** Id of the command: however often it is sent, it is done once. */
  id: string
  /** Under what its photos stand; it stays when the command becomes another one. */
  folder: string
  /** What must keep its order among itself: a household. */
  lane: string
  state: ItemState
  at: number
  heldUntil: number
  tries: number
  /** Of photos, while they are here. */
  bytes: number
  seq: number | null
  sentAt: number | null
  /** `Told` in queue.ts. */
  sealed: Sealed
}

export interface Photo {
  readonly key: string
  readonly folder: string
  readonly sealed: Sealed
}

interface Schema extends DBSchema {
  facts: { key: string; value: Owner | Opened }
  queue: { key: number; value: Row; indexes: { id: string } }
  photos: { key: string; value: Photo; indexes: { folder: string } }
  kept: { key: string; value: Sealed }
}

export type Disk = IDBPDatabase<Schema>

const NAME = 'lianxian-grid'
const STORES = ['facts', 'queue', 'photos', 'kept'] as const

/** `onGone`: another tab wants the disk for itself, or the browser took it away: this one must be opened anew. */
export async function openDisk(onGone: () => void = () => undefined, name = NAME): Promise<Disk> {
  const disk = await openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('facts')
      db.createObjectStore('queue', { keyPath: 'order', autoIncrement: true }).createIndex('id', 'id', { unique: true })
      db.createObjectStore('photos', { keyPath: 'key' }).createIndex('folder', 'folder')
      db.createObjectStore('kept')
    },
    blocking() {
      disk.close()
      onGone()
    },
    terminated: onGone,
  })
  return disk
}

/** What is written so is there after the phone's battery is pulled. */
export const STRICT = { durability: 'strict' } as const

export async function ownerOf(disk: Disk): Promise<Owner | undefined> {
  return (await disk.get('facts', 'owner')) as Owner | undefined
}
export async function putOwner(disk: Disk, owner: Owner): Promise<void> {
  const writing = disk.transaction('facts', 'readwrite', STRICT)
  await Promise.all([writing.store.put(owner, 'owner'), writing.done])
}
export async function openedOf(disk: Disk): Promise<Opened | undefined> {
  return (await disk.get('facts', 'opened')) as Opened | undefined
}
export async function putOpened(disk: Disk, opened: Opened | undefined): Promise<void> {
  await (opened === undefined ? disk.delete('facts', 'opened') : disk.put('facts', opened, 'opened'))
}

/** Everything goes: keys first, so that what the browser has not overwritten yet opens to nobody. */
export async function wipe(disk: Disk): Promise<void> {
  const writing = disk.transaction([...STORES], 'readwrite', STRICT)
  await Promise.all([...STORES.map(async (name) => writing.objectStore(name).clear()), writing.done])
}

/** For tests. */
export async function removeDisk(name = NAME): Promise<void> {
  await deleteDB(name)
}
