import 'fake-indexeddb/auto'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { type Disk, openDisk, removeDisk, wipe } from '@/features/grid/disk'
import { NoRoom, Queue, type Taken } from '@/features/grid/queue'
import { Box, digestOf, makeKey, openKey, type Wrapped, WrongPin } from '@/features/grid/sealing'
import { type Door, type Outcome, Sender } from '@/features/grid/sender'
import { Refused, Unreachable } from '@/protocol/refusal'

/** Few rounds: what they cost is no part of what is shown here. */
const ROUNDS = 1000
let number = 0

const photoOf = (fill: number, bytes = 2000): Taken => ({ name: `${String(fill)}.jpg`, type: 'image/jpeg', bytes: new Uint8Array(bytes).fill(fill).buffer })

/** A hub that keeps what it is sent, and answers as it is told to. */
class Hub implements Door {
  /** Ids in the order in which they were carried out, each once. */
  readonly done: string[] = []
  readonly objects = new Map<string, number>()
  readonly seen: string[] = []
  up = true
  /** The answers to so many calls are lost on the way. */
  losesAnswers = 0
  says: (id: string, kind: string) => Refused | undefined = () => undefined

  send = async (items: Parameters<Door['send']>[0]): Promise<readonly Outcome[]> => {
    this.line()
    const outcomes = items.map(({ id, kind, photos }): Outcome => {
      this.seen.push(id)
      const refusal = this.says(id, kind)
      if (refusal !== undefined) return { refusal }
      for (const photo of photos) if (!this.objects.has(photo.object)) return { refusal: new Refused('not_found', 'no such object', 'object') }
      if (!this.done.includes(id)) this.done.push(id)
      return { seq: 100 + this.done.indexOf(id) }
    })
    this.maybeLost()
    return outcomes
  }
  upload = async (bytes: ArrayBuffer): Promise<string> => {
    this.line()
    const digest = await digestOf(bytes)
    this.objects.set(digest, bytes.byteLength)
    this.maybeLost()
    return digest
  }
  private line(): void {
    if (!this.up) throw new Unreachable('the line is down')
  }
  private maybeLost(): void {
    if (this.losesAnswers > 0) {
      this.losesAnswers -= 1
      throw new Unreachable('the answer was lost')
    }
  }
}

describe('what a phone has to send', () => {
  let disk: Disk
  let box: Box
  let hub: Hub
  let now = 1_000_000
  const senders: Sender[] = []
  const name = (): string => `grid-${String(number)}`

  beforeEach(async () => {
    number += 1
    now = 1_000_000
    disk = await openDisk(undefined, name())
    box = new Box((await makeKey('123456', ROUNDS)).key)
    hub = new Hub()
  })
  afterEach(async () => {
    for (const sender of senders.splice(0)) sender.stop()
    vi.restoreAllMocks()
    disk.close()
    await removeDisk(name())
  })

  const queueOf = (more: ConstructorParameters<typeof Queue>[2] = {}): Queue => new Queue(disk, box, { now: () => now, ...more })
  function begin(queue: Queue): Sender {
    const sender = new Sender(queue, hub, { now: () => now, chance: () => 0 })
    senders.push(sender)
    queue.onWork = () => sender.poke()
    void sender.run()
    return sender
  }
  const states = async (queue: Queue): Promise<string[]> => (await queue.list()).map((item) => item.state)

  it('keeps words, photos and order on the disk, sealed, and gives them to the next page', async () => {
    const queue = queueOf()
    await queue.add({ kind: 'visit.record', data: { note: '孟家有人发热' }, lane: 'hh_1', title: '孟家', photos: [photoOf(1)], photosIn: 'photos' })
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_2', title: '李家 · 无变化' })
    const rows = await disk.getAll('queue')
    const photos = await disk.getAll('photos')
    const clear = JSON.stringify(rows) + rows.map((row) => new TextDecoder().decode(row.sealed.body)).join()
    expect(clear).not.toContain('孟家')
    expect(clear).not.toContain('发热')
    expect(new Uint8Array(photos[0]?.sealed.body ?? new ArrayBuffer(0)).slice(0, 50)).not.toEqual(new Uint8Array(50).fill(1))
    disk.close()
    disk = await openDisk(undefined, name())
    const items = await queueOf().list()
    expect(items.map((item) => item.title)).toEqual(['孟家', '李家 · 无变化'])
    const [first] = items
    const digest = await digestOf(photoOf(1).bytes)
    expect(first?.data['photos']).toEqual([{ object: digest, name: '1.jpg', type: 'image/jpeg', bytes: 2000 }])
    expect(new Uint8Array((await queueOf().photo(first ?? { folder: '' }, digest)) ?? new ArrayBuffer(0))).toEqual(new Uint8Array(2000).fill(1))
  })

  it('puts right what was not sent yet, upon the entry that it becomes; where that was dropped, not at all', async () => {
    const queue = queueOf()
    const sent: unknown[] = []
    const send = hub.send
    hub.send = async (items) => {
      sent.push(...items.map(({ kind, data }) => [kind, data['base']]))
      return send(items)
    }
    const { id } = await queue.add({ kind: 'visit.record', data: { base: 0 }, lane: 'hh_1', title: '甲' })
    await queue.add({ kind: 'visit.correct', data: { base: 1 }, lane: 'hh_1', title: '甲 · 更正', baseOf: id })
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent', 'sent']))
    expect(sent).toEqual([['visit.record', 0], ['visit.correct', 100]])
    hub.says = (_, kind) => (kind === 'visit.record' ? new Refused('not_found', 'no such row') : undefined)
    const lost = await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_2', title: '乙' })
    await queue.add({ kind: 'visit.correct', data: {}, lane: 'hh_2', title: '乙 · 更正', baseOf: lost.id })
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent', 'sent', 'refused', 'waiting']))
    await queue.drop(lost.id)
    await vi.waitFor(async () => expect((await queue.list()).at(-1)?.refusal?.code).toBe('base_lost'))
  })

  it('sends the photo first, then the command that names it, and lets go of the photo', async () => {
    const queue = queueOf()
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '甲', photos: [photoOf(1), photoOf(2), photoOf(1)], photosIn: 'photos' })
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
    expect(hub.objects.size).toBe(2)
    expect(hub.done).toHaveLength(1)
    expect(await disk.count('photos')).toBe(0)
    expect((await queue.list())[0]).toMatchObject({ seq: 100, bytes: 0, data: {}, title: '甲' })
  })

  it('does each thing once, however often answers are lost', async () => {
    const queue = queueOf()
    hub.losesAnswers = 3
    for (const lane of ['a', 'b', 'a']) await queue.add({ kind: 'visit.record', data: {}, lane, title: lane, photos: [photoOf(7)], photosIn: 'photos' })
    const sender = begin(queue)
    await vi.waitFor(
      async () => {
        sender.poke()
        expect(await states(queue)).toEqual(['sent', 'sent', 'sent'])
      },
      { timeout: 4000 },
    )
    expect(hub.done).toHaveLength(3)
    expect(new Set(hub.done).size).toBe(3)
  })

  it('keeps the order of a household, and holds up no other one', async () => {
    const queue = queueOf()
    hub.says = (_, kind) => (kind === 'bad' ? new Refused('invalid', 'no', 'occurred_at') : undefined)
    const first = await queue.add({ kind: 'bad', data: {}, lane: 'hh_1', title: '一' })
    const second = await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '二' })
    const other = await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_2', title: '别家' })
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['refused', 'waiting', 'sent']))
    expect(hub.done).toEqual([other.id])
    expect((await queue.list())[0]?.refusal).toEqual({ code: 'invalid', field: 'occurred_at', at: now })
    hub.says = () => undefined
    await queue.correct(first.id, { note: '更正' })
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent', 'sent', 'sent']))
    const corrected = hub.done[1]
    expect(corrected).not.toBe(first.id)
    expect(hub.done).toEqual([other.id, corrected, second.id])
  })

  it('lets a person drop what was refused, and the rest goes on', async () => {
    const queue = queueOf()
    hub.says = (_, kind) => (kind === 'bad' ? new Refused('forbidden', 'no') : undefined)
    const bad = await queue.add({ kind: 'bad', data: {}, lane: 'hh_1', title: '一', photos: [photoOf(3)], photosIn: 'photos' })
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '二' })
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['refused', 'waiting']))
    expect(await queue.drop(bad.id)).toBe(true)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
    expect(await disk.count('photos')).toBe(0)
    expect(await queue.drop(bad.id)).toBe(false)
  })

  it('keeps the photos of what is corrected', async () => {
    const queue = queueOf()
    hub.says = () => new Refused('invalid', 'no')
    const one = await queue.add({ kind: 'visit.record', data: { note: 'x' }, lane: 'hh_1', title: '一', photos: [photoOf(3)], photosIn: 'photos' })
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['refused']))
    hub.objects.clear()
    hub.says = () => undefined
    await queue.correct(one.id)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
    expect(hub.objects.size).toBe(1)
  })

  it('is taken back while it is held, and is not sent before', async () => {
    const queue = queueOf()
    const one = await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '一', holdMs: 5000 })
    const two = await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_2', title: '二', holdMs: 5000 })
    const sender = begin(queue)
    await vi.waitFor(() => expect(sender.standing).toBe('idle'))
    expect(hub.seen).toEqual([])
    expect(await queue.takeBack(one.id)).toBe(true)
    now += 5001
    sender.poke()
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
    expect(hub.done).toEqual([two.id])
    expect(await queue.takeBack(two.id)).toBe(false)
  })

  it('is sent although the clock was set back', async () => {
    const queue = queueOf()
    now += 3_600_000
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '一', holdMs: 5000 })
    now -= 3_600_000
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
  })

  it('waits while the hub is away or full, and goes on at a poke', async () => {
    const queue = queueOf()
    hub.up = false
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '一' })
    const sender = begin(queue)
    await vi.waitFor(() => expect(sender.standing).toBe('waiting'))
    hub.up = true
    hub.says = () => new Refused('unavailable', 'later')
    sender.poke()
    await vi.waitFor(() => expect(hub.seen.length).toBeGreaterThan(0))
    expect(await states(queue)).toEqual(['waiting'])
    hub.says = () => undefined
    sender.poke()
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
  })

  it('does not hammer at a hub that is away', async () => {
    const queue = queueOf()
    hub.up = false
    const send = vi.spyOn(hub, 'send')
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '一' })
    const sender = begin(queue)
    await vi.waitFor(() => expect(sender.standing).toBe('waiting'))
    await new Promise((resolve) => setTimeout(resolve, 450))
    // 200 ms between the first tries
    expect(send.mock.calls.length).toBeLessThanOrEqual(4)
    expect((await queue.list())[0]?.tries).toBe(send.mock.calls.length)
  })

  it('stops where the sign-in is no more, and keeps everything', async () => {
    const queue = queueOf()
    hub.says = () => new Refused('unauthenticated', 'sign in first')
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '一' })
    const sender = begin(queue)
    const ended = vi.fn()
    sender.onEnded = ended
    await vi.waitFor(() => expect(sender.standing).toBe('ended'))
    expect(ended).toHaveBeenCalledOnce()
    expect(await queue.unsent()).toBe(1)
  })

  it('brings photos again that the hub has forgotten, once', async () => {
    const queue = queueOf()
    let forgets = 1
    hub.says = () => {
      if (forgets > 0 && hub.objects.size > 0) {
        forgets -= 1
        hub.objects.clear()
      }
      return undefined
    }
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '一', photos: [photoOf(4)], photosIn: 'photos' })
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
    forgets = 9
    await queue.add({ kind: 'visit.record', data: {}, lane: 'hh_1', title: '二', photos: [photoOf(5)], photosIn: 'photos' })
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent', 'refused']))
  })

  it('keeps the words where there is no room for a photo, and says so', async () => {
    const rooms: number[] = []
    let room = 5000
    const put = IDBObjectStore.prototype.put
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      const sealed = (value as { sealed?: { body: ArrayBuffer } }).sealed
      if (sealed !== undefined && sealed.body.byteLength > room) {
        rooms.push(sealed.body.byteLength)
        throw new DOMException('full', 'QuotaExceededError')
      }
      return put.call(this, value, key)
    })
    const shrink = (photo: Taken): Promise<Taken | undefined> => Promise.resolve({ ...photo, bytes: photo.bytes.slice(0, 3000) })
    const queue = queueOf({ shrink })
    const wanted = { kind: 'visit.record', data: {}, lane: 'hh_1', title: '一', photosIn: 'photos' }
    expect(await queue.add({ ...wanted, photos: [photoOf(1, 9000)] })).toMatchObject({ smaller: 1, leftOut: 0 })
    room = 2000
    expect(await queue.add({ ...wanted, photos: [photoOf(1, 9000), photoOf(2, 9000)] })).toMatchObject({ smaller: 0, leftOut: 2 })
    expect((await queue.list()).map((item) => item.photos.map((photo) => photo.bytes))).toEqual([[3000], []])
    room = 0
    await expect(queue.add(wanted)).rejects.toBeInstanceOf(NoRoom)
    expect(await queue.unsent()).toBe(2)
    expect(rooms.length).toBeGreaterThan(3)
  })

  it('of several tabs one sends, and the next goes on when it is closed', async () => {
    const held: (() => void)[] = []
    const waiting: (() => void)[] = []
    const locks = {
      request: async (_: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>): Promise<void> => {
        if (held.length > 0) await new Promise<void>((resolve, reject) => {
          waiting.push(resolve)
          signal.addEventListener('abort', () => reject(new Error('aborted')))
        })
        held.push(() => undefined)
        await work()
        held.pop()
        waiting.shift()?.()
      },
    } as unknown as LockManager
    const queue = queueOf()
    const first = new Sender(queue, hub, { locks })
    const second = new Sender(queue, hub, { locks })
    const ran = first.run()
    void second.run()
    await queue.add({ kind: 'visit.record', data: {}, lane: 'a', title: '一' })
    first.poke()
    second.poke()
    await vi.waitFor(() => expect(hub.done).toHaveLength(1))
    expect(hub.seen).toHaveLength(1)
    first.stop()
    await ran
    await queue.add({ kind: 'visit.record', data: {}, lane: 'a', title: '二' })
    second.poke()
    await vi.waitFor(() => expect(hub.done).toHaveLength(2))
    second.stop()
  })

  it('forgets what was sent days ago, and photos that nothing names any more', async () => {
    const queue = queueOf()
    await queue.add({ kind: 'visit.record', data: {}, lane: 'a', title: '一', photos: [photoOf(1)], photosIn: 'photos' })
    const kept = await disk.getAll('photos')
    begin(queue)
    await vi.waitFor(async () => expect(await states(queue)).toEqual(['sent']))
    for (const photo of kept) await disk.put('photos', photo)
    await queue.add({ kind: 'visit.record', data: {}, lane: 'b', title: '二', holdMs: 5000, photos: [photoOf(2)], photosIn: 'photos' })
    await queue.sweep()
    expect(await disk.count('photos')).toBe(1)
    expect(await states(queue)).toEqual(['sent', 'held'])
    now += 4 * 86_400_000
    await queue.sweep()
    expect((await queue.list()).map((item) => item.title)).toEqual(['二'])
  })

  it('is gone after a wipe', async () => {
    const queue = queueOf()
    await queue.add({ kind: 'visit.record', data: {}, lane: 'a', title: '一', photos: [photoOf(1)], photosIn: 'photos' })
    await wipe(disk)
    expect(await queue.list()).toEqual([])
    expect(await disk.count('photos')).toBe(0)
  })
})

describe('the key of a phone', () => {
  it('opens with the PIN alone, and is read out by no script', async () => {
    const { wrapped, key } = await makeKey('246810', ROUNDS)
    const sealed = await new Box(key).value({ name: '孟某' }, 'one')
    const opened = await openKey(wrapped, '246810')
    expect(await new Box(opened).openValue(sealed, 'one')).toEqual({ name: '孟某' })
    await expect(new Box(opened).openValue(sealed, 'two')).rejects.toThrow()
    await expect(openKey(wrapped, '246811')).rejects.toBeInstanceOf(WrongPin)
    for (const each of [key, opened, wrapped.lock]) {
      expect(each.extractable).toBe(false)
      await expect(crypto.subtle.exportKey('raw', each)).rejects.toThrow()
    }
  })

  it('is worth nothing in another browser', async () => {
    const { wrapped } = await makeKey('246810', ROUNDS)
    const copied: Wrapped = { ...wrapped, lock: (await makeKey('246810', ROUNDS)).wrapped.lock }
    await expect(openKey(copied, '246810')).rejects.toThrow()
  })
})
