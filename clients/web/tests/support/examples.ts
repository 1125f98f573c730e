/** A small meeting to test with: entries, snapshots and people, as the hub would write them. */
import type {
  Account,
  Center,
  CenterPresence,
  Entry,
  EntryData,
  EntryKind,
  Followed,
  Level,
  Order,
  OrderState,
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
  return { code, name, level, parent, pinyin, children: 1, functional: false }
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
    level: 'normal',
    kind: 'dispatch',
    state: 'open',
    convener: CHAIR,
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
    drill: false,
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

export function order(states: Record<string, OrderState> = { [VILLAGE]: 'issued', [TOWN]: 'issued' }, news: Partial<Order> = {}): Order {
  return {
    id: 'o_1',
    meeting: 'm_1',
    text: '加强巡查',
    priority: 'normal',
    due: null,
    issuer: BY,
    issued_at: '2026-11-23T08:00:03.000000Z',
    state: 'issued',
    targets: Object.entries(states).map(([code, state]) => ({
      center: code,
      name: code === VILLAGE ? '坦渡村' : '坦渡镇',
      state,
      signed_at: state === 'issued' ? null : '2026-11-23T08:00:04.000000Z',
      signed_by: state === 'issued' ? null : '张某',
      completed_at: state === 'completed' ? '2026-11-23T08:00:05.000000Z' : null,
      percent: null,
      progress: [],
    })),
    ...news,
  }
}

/** The answer to `follow` that this snapshot makes. */
export function followed(from: Snapshot = snapshot(), news: Partial<Followed> = {}): Followed {
  const { id, title, kind, opened_at, record, chair, centers, orders, reports, decisions, notes, seq } = from
  return {
    seq,
    meeting: { id, title, kind, opened_at, record, convener: chair, called: centers.length, centers },
    can: ['meeting.control'],
    parts: {
      meeting: { state: from.state, ended_at: from.ended_at, chair: null },
      seats: { rows: Object.fromEntries(from.participants.map((one) => [one.id, one])) },
      floor: { rows: {} },
      stage: { broadcast: from.broadcast },
      recording: { running: from.recording },
    },
    documents: { seq, orders, reports, decisions, notes },
    entries: [],
    media: [],
    presence: [],
    ...news,
  }
}

export function presence(codes: string[], state: CenterPresence = 'online'): Map<string, CenterPresence> {
  return new Map(codes.map((code) => [code, state]))
}
