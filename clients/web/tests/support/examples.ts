/** A small meeting to test with: entries, snapshots and people, as the hub would write them. */
import type {
  Account,
  Center,
  CenterPresence,
  Entry,
  EntryData,
  EntryKind,
  Level,
  Participant,
  ParticipantRef,
  Snapshot,
} from '@/protocol/types'

export const CITY = '430600000000'
export const COUNTY = '430682000000'
export const TOWN = '430682115000'
export const VILLAGE = '430682115210'

export const CENTERS: Center[] = [
  center(CITY, '岳阳市', 'city', null, 'yue yang shi'),
  center('430602000000', '岳阳楼区', 'county', CITY, 'yue yang lou qu'),
  center(COUNTY, '临湘市', 'county', CITY, 'lin xiang shi'),
  center(TOWN, '坦渡镇', 'township', COUNTY, 'tan du zhen'),
  center(VILLAGE, '坦渡村', 'village', TOWN, 'tan du cun'),
]

function center(code: string, name: string, level: Level, parent: string | null, pinyin: string): Center {
  return { code, name, level, parent, pinyin, children: 1 }
}

export const LEADER: Account = {
  id: 'a_leader',
  username: 'yueyang',
  name: '王某',
  role: 'leader',
  center: { code: CITY, name: '岳阳市', level: 'city', parent: null, path: ['岳阳市'] },
}

export function ref(id: string, code: string, name: string, level: Level = 'village'): ParticipantRef {
  return { id, name: `${name}值守`, role: 'station', center: code, center_name: name, level }
}

export const CHAIR: ParticipantRef = { ...ref('a_leader', CITY, '岳阳市', 'city'), name: '王某', role: 'leader' }

export function joined(who: ParticipantRef, at = '2026-11-23T08:00:01.000000Z'): Participant {
  return { ...who, state: 'joined', muted: false, joined_at: at, left_at: null }
}

export function snapshot(news: Partial<Snapshot> = {}): Snapshot {
  return {
    id: 'm_1',
    title: '防疫指挥调度',
    kind: 'dispatch',
    state: 'open',
    chair: CHAIR,
    centers: [CITY, COUNTY, TOWN, VILLAGE],
    opened_at: '2026-11-23T08:00:00.000000Z',
    ended_at: null,
    record: true,
    recording: 'r_1',
    joined: 1,
    counts: { orders: 0, completed: 0, reports: 0, decisions: 0 },
    participants: [joined(CHAIR)],
    broadcast: null,
    orders: [],
    reports: [],
    decisions: [],
    notes: [],
    seq: 2,
    ...news,
  }
}

export function entry<K extends EntryKind>(seq: number, kind: K, data: EntryData[K], actor = 'a_leader'): Entry {
  return {
    seq,
    at: `2026-11-23T08:00:${String(seq % 60).padStart(2, '0')}.000000Z`,
    actor: { account: actor, center: CITY },
    kind,
    meeting: 'm_1',
    audience: ['meeting'],
    data,
    alg: 'sha256',
    prev: '',
    hash: '',
  } as unknown as Entry
}

const BY = { account: 'a_leader', name: '王某', center: CITY, center_name: '岳阳市' }

export function issued(seq: number, order = 'o_1', targets = [VILLAGE, TOWN]): Entry {
  return entry(seq, 'order.issued', {
    order,
    text: '加强巡查',
    priority: 'normal',
    due: null,
    targets: targets.map((code) => ({ center: code, name: code === VILLAGE ? '坦渡村' : '坦渡镇' })),
    issuer: BY,
  })
}

export function signed(seq: number, code: string, order = 'o_1'): Entry {
  return entry(seq, 'order.signed', { order, center: code, name: '坦渡村', account_name: '张某' })
}

export function completed(seq: number, code: string, order = 'o_1'): Entry {
  return entry(seq, 'order.completed', { order, center: code, name: '坦渡村', account_name: '张某', text: '' })
}

export function presence(codes: string[], state: CenterPresence = 'online'): Map<string, CenterPresence> {
  return new Map(codes.map((code) => [code, state]))
}
