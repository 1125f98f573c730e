/**
 * What a phone has to send: put down whole (words, photos, order) before anybody reads 已保存, and sent by `sender.ts`. Things of one
 * lane (a household) go one after the other; what was refused holds its lane until somebody corrects or drops it.
 */
import { newCommandId } from '@/protocol/ids'

import { type Disk, type ItemState, type Row, STRICT } from './disk'
import { type Box, digestOf } from './sealing'

/** A photo as it was taken. */
export interface Taken {
  readonly name: string
  readonly type: string
  readonly bytes: ArrayBuffer
}

/** A photo of an item, as its command names it. */
export interface Named {
  readonly object: string
  readonly name: string
  readonly type: string
  readonly bytes: number
}

export interface Refusal {
  readonly code: string
  readonly field?: string
  /** ms since 1970. */
  readonly at: number
}

/** What of an item is still known once it was sent: nothing that somebody said. */
export type Mark = Readonly<Record<string, unknown>>

/** What is to be done. `photosIn`: the field of `data` that names the photos; the queue fills it in. */
export interface Wanted {
  readonly kind: string
  readonly data: Readonly<Record<string, unknown>>
  readonly lane: string
  /** In words of the person: 李家 · 无变化. */
  readonly title: string
  readonly photos?: readonly Taken[]
  readonly photosIn?: string
  /** It can be taken back for so long (ms). */
  readonly holdMs?: number
  readonly mark?: Mark
  /** Field whose refusal says that what it was about is no more, for anybody: nothing that was said of it is kept then. */
  readonly goesWith?: string
  /** Item of the same lane whose entry is this one's `base`: that is known once the other was sent. */
  readonly baseOf?: string
}

/** What only who has the key reads of an item. */
interface Told {
  kind: string
  data: Readonly<Record<string, unknown>>
  mark: Mark
  title: string
  photos: readonly Named[]
  /** Digests that the hub has. */
  there: readonly string[]
  /** Whether the hub had them and forgot them once. */
  forgotten: boolean
  photosIn: string | null
  baseOf: string | null
  goesWith: string | null
  refusal: Refusal | null
  /** What the hub answered besides: `conflict`. */
  conflict: boolean
}

/** One item, open. */
export interface Item extends Omit<Row, 'sealed'>, Told {}

/** Whether nothing of it is left to be sent: what it was about is gone. */
export function isEmpty({ data }: Pick<Item, 'data'>): boolean {
  return Object.keys(data).length === 0
}

/** How it went: nothing is lost without a word. */
export interface Added {
  readonly id: string
  /** Photos that were made smaller, and such as there was no room for. */
  readonly smaller: number
  readonly leftOut: number
}

/** There is no room even for the words. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom'
}

/** Sent things are shown for so long. */
const SHOWN_MS = 3 * 86_400_000
/** A clock that was set back would hold things for ever. */
const LONGEST_HOLD_MS = 60_000

export interface QueueParts {
  readonly now?: () => number
  readonly makeId?: () => string
  /** The photo with fewer bytes, or undefined where that cannot be had. */
  readonly shrink?: (photo: Taken) => Promise<Taken | undefined>
}

export class Queue {
  /** Told whenever something in it changed, and (`onWork`) when a person changed what is to be sent. */
  onChange: () => void = () => undefined
  onWork: () => void = () => undefined
  private readonly now: () => number
  private readonly makeId: () => string
  private readonly shrink: (photo: Taken) => Promise<Taken | undefined>

  constructor(
    private readonly disk: Disk,
    private readonly box: Box,
    { now = () => Date.now(), makeId = newCommandId, shrink = () => Promise.resolve(undefined) }: QueueParts = {},
  ) {
    this.now = now
    this.makeId = makeId
    this.shrink = shrink
  }

  /** Put something down; once this resolves it is on the disk. Raises NoRoom. */
  async add(wanted: Wanted): Promise<Added> {
    const id = this.makeId()
    const whole = wanted.photos ?? []
    if (await this.fits(id, wanted, whole)) return { id, smaller: 0, leftOut: 0 }
    const small = (await Promise.all(whole.map(async (photo) => this.shrink(photo)))).filter((photo) => photo !== undefined)
    if (small.length > 0 && (await this.fits(id, wanted, small))) return { id, smaller: small.length, leftOut: whole.length - small.length }
    if (whole.length > 0 && (await this.fits(id, wanted, []))) return { id, smaller: 0, leftOut: whole.length }
    throw new NoRoom('there is no room for it on this phone')
  }

  /** All that is here, the oldest first. */
  async list(): Promise<Item[]> {
    const rows = await this.disk.getAll('queue')
    return Promise.all(rows.map(async (row) => this.open(row)))
  }

  /** How many things are not in the journal yet. */
  async unsent(): Promise<number> {
    return (await this.disk.getAll('queue')).filter((row) => row.state !== 'sent').length
  }

  /** Take back what is still held; false where it is too late. */
  async takeBack(id: string): Promise<boolean> {
    return this.remove(id, (row) => row.state === 'held')
  }

  /** Give up what the hub refused. */
  async drop(id: string): Promise<boolean> {
    return this.remove(id, (row) => row.state === 'refused')
  }

  /** Give up all that waits of a lane whose beginning the hub refused: nothing of it means anything without that. */
  async dropLane(lane: string): Promise<void> {
    const rows = (await this.disk.getAll('queue')).filter((row) => row.lane === lane && row.state !== 'sent')
    for (const { id } of rows) await this.remove(id, (row) => row.state !== 'sent')
  }

  /** Another try of what was refused, with other data or the same: a command of its own, in the place of the old one. */
  async correct(id: string, data?: Readonly<Record<string, unknown>>, title?: string): Promise<void> {
    await this.change(id, (row, told) => {
      if (row.state !== 'refused') return
      row.id = this.makeId()
      row.state = 'waiting'
      row.tries = 0
      told.data = data ?? told.data
      told.title = title ?? told.title
      told.refusal = null
      told.there = []
    })
    this.onWork()
  }

  /** What may be sent now: of each lane the first thing that is not in the journal, in the order in which they were put down. */
  async heads(): Promise<{ due: Item[]; nextAt: number | undefined }> {
    const rows = (await this.disk.getAll('queue')).filter((row) => row.state !== 'sent')
    const first = new Map<string, Row>()
    for (const row of rows) if (!first.has(row.lane)) first.set(row.lane, row)
    const now = this.now()
    const held = (row: Row): boolean => row.state === 'held' && row.heldUntil > now && row.heldUntil - now <= LONGEST_HOLD_MS
    const heads = [...first.values()].filter((row) => row.state !== 'refused')
    const waits = heads.filter(held).map((row) => row.heldUntil)
    const due = await Promise.all(heads.filter((row) => !held(row)).map(async (row) => this.open(row)))
    return { due, nextAt: waits.length === 0 ? undefined : Math.min(...waits) }
  }

  /** It is being sent: from now on nobody takes it back. False where it is gone, or that of which it speaks. */
  async begin(id: string): Promise<boolean> {
    const row = await this.find(id)
    const told = row === undefined ? undefined : await this.box.openValue<Told>(row.sealed, id)
    // what is before it in its lane was sent, or somebody has dropped it
    // things that were put down by an older page have no such field
    const other = told?.baseOf ?? undefined
    const base = other === undefined ? undefined : ((await this.find(other))?.seq ?? null)
    if (base === null) {
      await this.refused(id, 'base_lost')
      return false
    }
    let there = false
    await this.change(id, (row, told) => {
      there = row.state !== 'refused' && row.state !== 'sent'
      if (!there) return
      row.state = 'waiting'
      row.tries += 1
      if (base !== undefined) told.data = { ...told.data, base }
    })
    return there
  }

  /** The item with its newest data. */
  async item(id: string): Promise<Item | undefined> {
    const row = await this.find(id)
    return row === undefined ? undefined : this.open(row)
  }

  async photo({ folder }: Pick<Item, 'folder'>, digest: string): Promise<ArrayBuffer | undefined> {
    const key = `${folder}/${digest}`
    const photo = await this.disk.get('photos', key)
    return photo === undefined ? undefined : this.box.openBytes(photo.sealed, key)
  }

  /** The hub has this photo. */
  async uploaded(id: string, digest: string): Promise<void> {
    await this.change(id, (_, told) => {
      told.there = [...new Set([...told.there, digest])]
    })
  }

  /** The hub forgot photos that it had: they are sent again. */
  async notThere(id: string): Promise<void> {
    await this.change(id, (_, told) => {
      told.there = []
      told.forgotten = true
    })
  }

  /** The journal has it: its photos go from this phone. */
  async sent(id: string, seq: number, conflict = false): Promise<void> {
    const folder = (await this.find(id))?.folder
    await this.change(id, (row, told) => {
      row.state = 'sent'
      row.seq = seq
      row.sentAt = this.now()
      row.bytes = 0
      told.data = {}
      told.conflict = conflict
    })
    if (folder !== undefined) await this.forget(folder)
  }

  async refused(id: string, code: string, field?: string): Promise<void> {
    const at = this.now()
    await this.change(id, (row, told) => {
      row.state = 'refused'
      told.refusal = field === undefined ? { code, at } : { code, field, at }
      if (code === 'not_found' && field !== undefined && field === told.goesWith) told.data = {}
    })
  }

  /** What was sent days ago is not shown any more; photos that a killed page left behind go. */
  async sweep(): Promise<void> {
    const old = this.now() - SHOWN_MS
    const writing = this.disk.transaction(['queue', 'photos'], 'readwrite')
    const rows = await writing.objectStore('queue').getAll()
    const wanted = new Set(rows.filter((row) => row.state !== 'sent').map((row) => row.folder))
    const over = rows.filter((row) => row.state === 'sent' && (row.sentAt ?? 0) < old)
    const folders = writing.objectStore('photos').index('folder')
    const left: string[] = []
    for (let at = await folders.openKeyCursor(null, 'nextunique'); at !== null; at = await at.continue()) if (!wanted.has(at.key)) left.push(at.key)
    const keys = (await Promise.all(left.map(async (folder) => folders.getAllKeys(folder)))).flat()
    await Promise.all([
      ...over.map(async (row) => writing.objectStore('queue').delete(row.order)),
      ...keys.map(async (key) => writing.objectStore('photos').delete(key)),
      writing.done,
    ])
  }

  private async fits(id: string, wanted: Wanted, photos: readonly Taken[]): Promise<boolean> {
    const named = await Promise.all(
      photos.map(async ({ name, type, bytes }) => ({ object: await digestOf(bytes), name, type, bytes: bytes.byteLength })),
    )
    // the same picture twice is one object, and named once
    const distinct = named.filter((one, at) => named.findIndex((other) => other.object === one.object) === at)
    const { kind, data, title, mark = {}, photosIn = null, baseOf = null, goesWith = null } = wanted
    const filled = photosIn === null ? data : { ...data, [photosIn]: distinct }
    const told: Told = { kind, data: filled, mark, title, photos: distinct, there: [], forgotten: false, photosIn, baseOf, goesWith, refusal: null, conflict: false }
    const now = this.now()
    const state: ItemState = wanted.holdMs === undefined ? 'waiting' : 'held'
    const row: Omit<Row, 'order'> = {
      id,
      folder: id,
      lane: wanted.lane,
      state,
      at: now,
      heldUntil: now + (wanted.holdMs ?? 0),
      tries: 0,
      bytes: distinct.reduce((sum, one) => sum + one.bytes, 0),
      seq: null,
      sentAt: null,
      sealed: await this.box.value(told, id),
    }
    const pictures = await Promise.all(
      distinct.map(async ({ object }, at) => {
        const key = `${id}/${object}`
        const source = photos[named.findIndex((one) => one.object === object)] ?? photos[at]
        return { key, folder: id, sealed: await this.box.bytes(source?.bytes ?? new ArrayBuffer(0), key) }
      }),
    )
    // everything is sealed before: a transaction does not wait for anything but the disk
    const writing = this.disk.transaction(['queue', 'photos'], 'readwrite', STRICT)
    try {
      await Promise.all([
        writing.objectStore('queue').put(row as Row),
        ...pictures.map(async (picture) => writing.objectStore('photos').put(picture)),
        writing.done,
      ])
    } catch (error) {
      abandon(writing)
      if (isFull(error)) return false
      throw error
    }
    this.onChange()
    this.onWork()
    return true
  }

  private async open(row: Row): Promise<Item> {
    const { sealed, ...rest } = row
    const told = await this.box.openValue<Told>(sealed, row.id)
    // one that an older page put down has no mark
    return { ...rest, ...told, mark: told.mark ?? {}, goesWith: told.goesWith ?? null }
  }

  private async find(id: string): Promise<Row | undefined> {
    return this.disk.getFromIndex('queue', 'id', id)
  }

  /** Read, change and write one item, unless somebody else changed it meanwhile: then again. */
  private async change(id: string, how: (row: Row, told: Told) => void): Promise<void> {
    for (;;) {
      const row = await this.find(id)
      if (row === undefined) return
      const before = JSON.stringify([row.state, row.tries, Array.from(row.sealed.iv)])
      const told = await this.box.openValue<Told>(row.sealed, row.id)
      how(row, told)
      row.sealed = await this.box.value(told, row.id)
      const writing = this.disk.transaction('queue', 'readwrite', STRICT)
      const now = await writing.store.get(row.order)
      const same = now !== undefined && JSON.stringify([now.state, now.tries, Array.from(now.sealed.iv)]) === before
      if (same) await writing.store.put(row)
      await writing.done
      if (!same) continue
      this.onChange()
      return
    }
  }

  private async remove(id: string, may: (row: Row) => boolean): Promise<boolean> {
    const writing = this.disk.transaction('queue', 'readwrite', STRICT)
    const row = await writing.store.index('id').get(id)
    const gone = row !== undefined && may(row)
    if (gone) await writing.store.delete(row.order)
    await writing.done
    if (gone) {
      await this.forget(row.folder)
      this.onChange()
      this.onWork()
    }
    return gone
  }

  private async forget(folder: string): Promise<void> {
    const writing = this.disk.transaction('photos', 'readwrite')
    for (const key of await writing.store.index('folder').getAllKeys(folder)) await writing.store.delete(key)
    await writing.done
  }
}

/** Whole or not at all. */
function abandon(writing: { abort: () => void; done: Promise<void> }): void {
  writing.done.catch(() => undefined)
  try {
    writing.abort()
  } catch {
    // it is over already
  }
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
