/**
 * One phone: whose it is, whether it is open, what it holds and what it has to send. Everything that pages of `/grid` do goes through
 * here. A phone that is not open shows a name and takes a PIN, and nothing else.
 */
import { shallowRef, type ShallowRef, triggerRef } from 'vue'

import { Refused, Unreachable } from '@/protocol/refusal'

import { type Disk, openDisk, openedOf, type Owner, ownerOf, putOpened, putOwner, wipe } from './disk'
import { PhoneHub } from './hub'
import { withoutGone } from './listRows'
import { shrunk } from './photos'
import { type Added, type Item, Queue, type Wanted } from './queue'
import { Box, canSeal, makeKey, openKey, WrongPin } from './sealing'
import { pokeWhenBack, Sender, type Standing } from './sender'
import { keptWork, type Work } from './work'

/**
 * `unable`: this browser, or this address without HTTPS, seals nothing; `unbound`: nobody's; `choosing`: bound, a PIN is to be
 * chosen; `locked`; `open`; `over`: the sign-in has ended, what waits is kept for its owner.
 */
export type State = 'starting' | 'unable' | 'unbound' | 'choosing' | 'locked' | 'open' | 'over'
/** Why the phone is as it is, for a word about it. */
export type Because = 'withdrawn' | 'tooOften' | 'signedOut' | null

export const MOST_WRONG = 8
/** A phone that lies about locks itself. */
const OPEN_MS = 10 * 60_000
const EXTEND_MS = 30_000
const READ_EVERY_MS = 2 * 60_000
const CARRIERS = ['grid_leader', 'grid_member']

interface Bound {
  readonly device: string | null
  readonly half: string
  readonly account: string
  readonly name: string
}

export class Phone {
  readonly state: ShallowRef<State> = shallowRef('starting')
  readonly because: ShallowRef<Because> = shallowRef(null)
  readonly owner: ShallowRef<{ readonly account: string; readonly name: string; readonly device: string | null } | undefined> = shallowRef()
  readonly wrong = shallowRef(0)
  readonly items: ShallowRef<readonly Item[]> = shallowRef([])
  readonly work: ShallowRef<Work | undefined> = shallowRef()
  readonly sending: ShallowRef<Standing> = shallowRef('idle')
  /** Whether the hub answered the last time it was asked. */
  readonly onLine = shallowRef(true)
  /** How often it was bound since the page was opened. */
  readonly bindings = shallowRef(0)
  /** Whether the browser has promised not to clear what is here. */
  readonly persisted = shallowRef(false)
  readonly hub: PhoneHub
  private disk: Disk | undefined
  private box: Box | undefined
  private key: CryptoKey | undefined
  private queue: Queue | undefined
  private sender: Sender | undefined
  private bound: Bound | undefined
  private openUntil = 0
  private readonly channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('lianxian.grid')
  private ends: (() => void)[] = []

  constructor(hub = new PhoneHub()) {
    this.hub = hub
    this.channel?.addEventListener('message', ({ data }) => void this.heard(data as string))
  }

  /** Look whose phone this is. */
  async start(): Promise<void> {
    if (!canSeal() || typeof indexedDB === 'undefined') {
      this.state.value = 'unable'
      return
    }
    try {
      this.disk = await openDisk(() => location.reload())
    } catch {
      this.state.value = 'unable'
      return
    }
    this.persisted.value = (await navigator.storage?.persisted?.().catch(() => false)) ?? false
    const owner = await ownerOf(this.disk)
    if (owner === undefined) {
      await this.maybePassword()
      return
    }
    this.mine(owner)
    const opened = await openedOf(this.disk)
    const left = (opened?.until ?? 0) - Date.now()
    if (opened !== undefined && left > 0 && left <= OPEN_MS) await this.opened(opened.key)
    else this.state.value = 'locked'
  }

  /** How much waits here, readable without the PIN: for the question before all of it goes. */
  async waiting(): Promise<number> {
    const rows = (await this.disk?.getAll('queue')) ?? []
    return rows.filter((row) => row.state !== 'sent').length
  }

  /** Bind this phone by a code. What another person left here goes. Raises Refused, Unreachable. */
  async bind(code: string): Promise<void> {
    const { device, half, account } = await this.hub.bind(code)
    this.bound = { device, half, account: account.id, name: account.name }
    this.because.value = null
    this.bindings.value += 1
    if (this.owner.value?.account === account.id) {
      // the same person again: what waits is kept, and opens with the same PIN
      if (this.key === undefined) this.state.value = 'locked'
      else await this.opened(this.key)
      return
    }
    await this.clear()
    this.bound = { device, half, account: account.id, name: account.name }
    this.state.value = 'choosing'
  }

  /** The PIN of a phone that was just bound. */
  async choose(pin: string): Promise<void> {
    const { bound, disk } = this
    if (bound === undefined || disk === undefined) return
    const { wrapped, key } = await makeKey(pin)
    const owner: Owner = { device: bound.device, account: bound.account, name: bound.name, wrapped, wrong: 0 }
    await putOwner(disk, owner)
    this.mine(owner)
    await this.opened(key)
    this.persisted.value = (await navigator.storage?.persist?.().catch(() => false)) ?? false
  }

  /** Open it. False for another PIN; after MOST_WRONG of them everything is wiped. */
  async unlock(pin: string): Promise<boolean> {
    const { disk } = this
    const owner = disk === undefined ? undefined : await ownerOf(disk)
    if (disk === undefined || owner === undefined) return false
    // counted before it is tried: a page that is killed meanwhile has tried
    await putOwner(disk, { ...owner, wrong: owner.wrong + 1 })
    let key: CryptoKey
    try {
      key = await openKey(owner.wrapped, pin)
    } catch (error) {
      if (!(error instanceof WrongPin)) throw error
      this.wrong.value = owner.wrong + 1
      if (this.wrong.value >= MOST_WRONG) {
        await this.clear('tooOften')
        this.channel?.postMessage('wiped')
      }
      return false
    }
    await putOwner(disk, { ...owner, device: this.bound?.device ?? owner.device, wrong: 0 })
    this.mine({ ...owner, device: this.bound?.device ?? owner.device, wrong: 0 })
    await this.opened(key)
    return true
  }

  /** Close it; what waits stays. */
  async lock(): Promise<void> {
    this.rest()
    if (this.disk !== undefined) await putOpened(this.disk, undefined)
    if (this.state.value === 'open' || this.state.value === 'over') this.state.value = 'locked'
  }

  /** Somebody touches it: it stays open. */
  async touched(): Promise<void> {
    if (this.key === undefined || this.disk === undefined || this.openUntil - Date.now() > OPEN_MS - EXTEND_MS) return
    if (this.openUntil < Date.now()) {
      await this.lock()
      return
    }
    await this.stayOpen(this.key)
  }

  /** Sign out: nothing of anybody stays here. */
  async signOut(): Promise<void> {
    await this.hub.signOut().catch(() => undefined) // off line: without its half the cookie opens nothing
    await this.clear('signedOut')
    this.channel?.postMessage('wiped')
  }

  /** Put something down to be sent. Raises NoRoom. */
  async add(wanted: Wanted): Promise<Added> {
    if (this.queue === undefined) throw new Error('the phone is locked')
    return this.queue.add(wanted)
  }
  async takeBack(id: string): Promise<boolean> {
    return (await this.queue?.takeBack(id)) ?? false
  }
  async drop(id: string): Promise<void> {
    const item = this.items.value.find((one) => one.id === id)
    if (item?.mark['does'] === 'ask' && item.state === 'refused') await this.queue?.dropLane(item.lane)
    else await this.queue?.drop(id)
  }
  async retry(id: string, data?: Readonly<Record<string, unknown>>, title?: string): Promise<void> {
    await this.queue?.correct(id, data, title)
  }
  /** Pictures of what waits here. */
  async pictures(item: Item): Promise<readonly Blob[]> {
    const found = await Promise.all(item.photos.map(async ({ object, type }) => ({ type, bytes: await this.queue?.photo(item, object) })))
    return found.flatMap(({ type, bytes }) => (bytes === undefined ? [] : [new Blob([bytes], { type })]))
  }
  sendNow(): void {
    this.sender?.poke()
  }

  /** Read the day anew; what is here is kept where the hub is away. */
  async read(): Promise<void> {
    const { disk, box } = this
    if (disk === undefined || box === undefined) return
    try {
      const held = this.work.value
      const work = await this.hub.work(held)
      this.onLine.value = true
      if (this.box !== box) return
      if (work.tag === undefined || work.tag !== held?.tag) await this.keep(disk, box, work)
      if (this.box === box) this.work.value = work
    } catch (error) {
      if (error instanceof Refused && error.code === 'unauthenticated') await this.ended()
      else if (error instanceof Unreachable || error instanceof Refused) this.onLine.value = !(error instanceof Unreachable)
      else throw error
    }
  }

  /** Rows of lists whose time is over go from here, line or not. */
  async forget(): Promise<void> {
    const { disk, box } = this
    const held = this.work.value
    if (disk === undefined || box === undefined || held === undefined) return
    const work = withoutGone(held, Date.now())
    if (work === held) return
    this.work.value = work
    await this.keep(disk, box, work)
  }

  private async keep(disk: Disk, box: Box, work: Work): Promise<void> {
    const sealed = await box.value(work, 'work')
    if (this.box === box) await disk.put('kept', sealed, 'work')
  }

  /** Whoever signed in with a password has no phone bound: he chooses a PIN for this one all the same. */
  private async maybePassword(): Promise<void> {
    try {
      const { account } = await this.hub.who()
      if (CARRIERS.includes(account.role)) {
        this.bound = { device: null, half: '', account: account.id, name: account.name }
        this.state.value = 'choosing'
        return
      }
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error
    }
    this.state.value = 'unbound'
  }

  private mine(owner: Owner): void {
    this.owner.value = { account: owner.account, name: owner.name, device: owner.device }
    this.wrong.value = owner.wrong
  }

  private async opened(key: CryptoKey): Promise<void> {
    const { disk } = this
    if (disk === undefined) return
    this.rest()
    this.key = key
    const box = new Box(key)
    this.box = box
    if (this.bound !== undefined) {
      await disk.put('kept', await box.value(this.bound.half, 'half'), 'half')
      this.bound = undefined
    }
    await this.stayOpen(key)
    const half = await disk.get('kept', 'half')
    this.hub.half = half === undefined ? '' : await box.openValue<string>(half, 'half')
    const work = await disk.get('kept', 'work')
    this.work.value = work === undefined ? undefined : keptWork(await box.openValue<Work>(work, 'work'))
    await this.forget()
    this.begin(disk, box)
    // what was said is shown with the day: a household of which something waits is not offered once more
    await this.changed()
    if (this.box !== box) return
    this.state.value = 'open'
    void this.read()
  }

  private begin(disk: Disk, box: Box): void {
    const queue = new Queue(disk, box, { shrink: shrunk })
    const sender = new Sender(queue, this.hub, { locks: navigator.locks as LockManager | undefined })
    this.queue = queue
    this.sender = sender
    queue.onChange = () => {
      this.channel?.postMessage('changed')
      void this.changed()
    }
    queue.onWork = () => {
      this.channel?.postMessage('work')
      sender.poke()
    }
    sender.onStanding = (standing) => {
      const before = this.sending.value
      this.sending.value = standing
      if (standing === 'waiting') this.onLine.value = false
      // all is there: what the hub makes of it is read
      if (before === 'sending' && standing === 'idle') void this.read()
    }
    sender.onEnded = () => void this.ended()
    void queue.sweep()
    void sender.run()
    const shown = (): void => {
      if (document.visibilityState === 'visible') void this.touched().then(async () => this.forget()).then(async () => this.read())
    }
    const back = (): void => void this.read()
    const away = (): void => {
      this.onLine.value = false
    }
    const timer = setInterval(() => {
      void this.forget()
      if (this.openUntil < Date.now()) void this.lock()
      else if (document.visibilityState === 'visible') void this.read()
    }, READ_EVERY_MS)
    document.addEventListener('visibilitychange', shown)
    window.addEventListener('online', back)
    window.addEventListener('offline', away)
    this.ends = [
      pokeWhenBack(sender),
      () => document.removeEventListener('visibilitychange', shown),
      () => window.removeEventListener('online', back),
      () => window.removeEventListener('offline', away),
      () => clearInterval(timer),
    ]
  }

  private rest(): void {
    for (const end of this.ends.splice(0)) end()
    this.sender?.stop()
    this.sender = undefined
    this.queue = undefined
    this.box = undefined
    this.key = undefined
    this.hub.half = ''
    this.items.value = []
    this.work.value = undefined
  }

  private async stayOpen(key: CryptoKey): Promise<void> {
    this.openUntil = Date.now() + OPEN_MS
    if (this.disk !== undefined) await putOpened(this.disk, { key, until: this.openUntil })
  }

  private async changed(): Promise<void> {
    const { queue } = this
    if (queue === undefined) return
    const items = await queue.list()
    if (this.queue !== queue) return
    this.items.value = items
    triggerRef(this.items)
  }

  /** The sign-in is no more: a phone that was withdrawn holds nothing any more, another one keeps what waits. */
  private async ended(): Promise<void> {
    const device = this.owner.value?.device ?? null
    const state = device === null ? 'unknown' : await this.hub.standing(device).catch(() => 'unknown' as const)
    if (state === 'withdrawn') {
      await this.clear('withdrawn')
      this.channel?.postMessage('wiped')
      return
    }
    this.sender?.stop()
    this.state.value = 'over'
  }

  private async clear(because: Because = null): Promise<void> {
    this.rest()
    this.bound = undefined
    this.owner.value = undefined
    this.wrong.value = 0
    if (this.disk !== undefined) await wipe(this.disk)
    this.because.value = because
    this.state.value = 'unbound'
  }

  /** Another tab of this phone. */
  private async heard(what: string): Promise<void> {
    if (what === 'work') this.sender?.poke()
    else if (what === 'changed') await this.changed()
    else if (what === 'wiped') {
      this.rest()
      this.owner.value = undefined
      this.state.value = 'unbound'
    }
  }
}

