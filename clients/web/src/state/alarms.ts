/** The alarms that are not over, as the hub tells them: one store for all that shows them. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref } from 'vue'

import { readAlarms } from '@/protocol/alarmsApi'
import type { Api } from '@/protocol/api'
import type { Account, Alarm, AlarmKind } from '@/protocol/types'

import { documentStore } from './documents'
import type { Live } from './live'

export interface Alarms {
  /** Newest first: open and acknowledged ones, and those that were cleared while this page was there. */
  readonly list: ComputedRef<readonly Alarm[]>
  /** Whether they were read: before, none that is shown does not mean that there is none. */
  readonly known: Readonly<Ref<boolean>>
  get: (id: string) => Alarm | undefined
  /** Of each center with a situation that nobody has acknowledged, the newest. */
  readonly byCenter: ComputedRef<ReadonlyMap<string, Alarm>>
  /** Be told of each change, with the alarm as it then is and as it was; for as long as the calling scope lives. */
  onChange: (tell: (alarm: Alarm, before: Alarm | undefined) => void) => void
}

/** What is listed at first of each state: more than anybody looks at in a strip. */
const OPEN = 500
const ACKNOWLEDGED = 100
const RETRY_MS = 3000

const kept = new WeakMap<Live, Alarms>()

/** Of this connection; made for whoever asks first, and kept for as long as his scope is there. */
export function useAlarms(live: Live, api: Api): Alarms {
  const known = kept.get(live)
  if (known !== undefined) return known
  const made = makeAlarms(live, (state, limit) => readAlarms(api, { state, limit }).then((page) => page.alarms), (ids) => byId(api, ids))
  kept.set(live, made)
  return made
}

async function byId(api: Api, ids: readonly string[]): Promise<readonly Alarm[]> {
  return (await Promise.all(ids.map(async (id) => (await readAlarms(api, { id })).alarms))).flat()
}

/** The alarms of one center's own reports, as its station sees them. */
export function useOwnAlarms(live: Live, api: Api, center: string, kind: AlarmKind, limit: number): Alarms {
  return makeAlarms(
    live,
    async (state) => (state === 'open' ? (await readAlarms(api, { center, kind, limit })).alarms : []),
    (ids) => byId(api, ids),
    (alarm) => alarm.center === center && alarm.kind === kind,
  )
}

function makeAlarms(
  live: Live,
  list: (state: 'open' | 'acknowledged', limit: number) => Promise<readonly Alarm[]>,
  read: (ids: readonly string[]) => Promise<readonly Alarm[]>,
  wants: (alarm: Alarm) => boolean = () => true,
): Alarms {
  const store = documentStore<Alarm>(live.frame, {
    at: (alarm) => alarm.raised_at,
    read,
    wants: ({ value = null }) => value === null || wants(value as Alarm),
  })
  const known = ref(false)
  const listeners = new Set<(alarm: Alarm, before: Alarm | undefined) => void>()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function settle(seq: number): Promise<void> {
    clearTimeout(timer)
    try {
      const [open, acknowledged] = await Promise.all([list('open', OPEN), list('acknowledged', ACKNOWLEDGED)])
      store.settle([...open, ...acknowledged].filter(wants), seq, () => 'forget')
      known.value = true
    } catch {
      timer = setTimeout(() => void settle(seq), RETRY_MS)
    }
  }
  const stop = [
    live.socket.on('hello', (hello) => void settle(hello.seq)),
    live.socket.on('changed', (event) => {
      if (event.what !== 'alarm') return
      const before = store.get(event.id)
      store.take(event)
      const alarm = store.get(event.id)
      if (alarm !== undefined && alarm !== before) for (const tell of listeners) tell(alarm, before)
    }),
  ]
  if (live.socket.hello !== undefined) void settle(live.socket.hello.seq)
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const each of stop) each()
    store.stop()
  })
  const newestFirst = computed(() => [...store.list.value].reverse())
  return {
    list: newestFirst,
    byCenter: computed(() => {
      const found = new Map<string, Alarm>()
      for (const alarm of store.list.value) if (alarm.kind === 'situation' && alarm.state === 'open') found.set(alarm.center, alarm)
      return found
    }),
    known,
    get: store.get,
    onChange: (tell) => {
      listeners.add(tell)
      onScopeDispose(() => listeners.delete(tell))
    },
  }
}

/** Whether this account is among those who answer it: leaders and dispatchers of the center that has to first, and of all above. */
export function isAnswered(alarm: Alarm, account: Account): boolean {
  if (account.role !== 'leader' && account.role !== 'dispatcher') return false
  return alarm.center !== account.center.code || alarm.owner.center === account.center.code
}

/** Whether it calls for this account's attention now. A warning is its owner's alone, until it comes up to another. */
export function calls(alarm: Alarm, account: Account): boolean {
  if (alarm.state !== 'open' || !isAnswered(alarm, account)) return false
  return alarm.severity === 'critical' || alarm.owner.center === account.center.code || isOurs(alarm, account)
}

/** Whether nobody below has acknowledged it in time, so that it is this center's turn. */
export function isOurs(alarm: Alarm, account: Account): boolean {
  return alarm.escalated?.center === account.center.code
}

/** In the order in which they are looked at: what came up to us, what is critical, the newest. */
export function waiting(alarms: readonly Alarm[], account: Account): readonly Alarm[] {
  const rank = (alarm: Alarm): number => (isOurs(alarm, account) ? 2 : 0) + (alarm.severity === 'critical' ? 1 : 0)
  return alarms
    .filter((alarm) => calls(alarm, account))
    .sort((one, other) => rank(other) - rank(one) || (one.raised_at < other.raised_at ? 1 : -1))
}
