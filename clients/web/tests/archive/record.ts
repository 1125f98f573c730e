/** A small meeting as its entries and snapshot, for tests of the archive. */
import type { Entry, ParticipantRef, Part, Snapshot } from '@/protocol/types'

export const OPENED = '2026-11-23T08:00:00.000000Z'
const START = Date.parse(OPENED)

export const LEADER: ParticipantRef = {
  id: 'a_leader',
  name: '王某',
  role: 'leader',
  center: '430600000000',
  center_name: '岳阳市',
  level: 'city',
}
export const VILLAGE: ParticipantRef = {
  id: 'a_village',
  name: '李某',
  role: 'station',
  center: '430682115210',
  center_name: '坦渡村',
  level: 'village',
}

export function at(ms: number): string {
  return new Date(START + ms).toISOString().replace('Z', '000Z')
}

type Fact = { [K in Entry['kind']]: { kind: K; data: Extract<Entry, { kind: K }>['data'] } }[Entry['kind']]

export function entry(seq: number, ms: number, actor: ParticipantRef, fact: Fact): Entry {
  return {
    seq,
    at: at(ms),
    actor: { account: actor.id, center: actor.center },
    meeting: 'm_1',
    audience: ['meeting'],
    alg: 'sha256',
    prev: '0'.repeat(64),
    hash: 'f'.repeat(64),
    ...fact,
  } as Entry
}

const by = { account: LEADER.id, name: LEADER.name, center: LEADER.center, center_name: LEADER.center_name }

export const ENTRIES: Entry[] = [
  entry(1, 0, LEADER, {
    kind: 'meeting.opened',
    data: { title: '防疫调度', kind: 'dispatch', centers: [VILLAGE.center], record: true, chair: LEADER },
  }),
  entry(2, 2_000, VILLAGE, { kind: 'meeting.joined', data: { participant: VILLAGE } }),
  entry(3, 20_000, VILLAGE, {
    kind: 'report.filed',
    data: { report: 'r_1', situation: 'normal', text: '', center: VILLAGE.center, name: '坦渡村' },
  }),
  entry(5, 42_195, LEADER, {
    kind: 'order.issued',
    data: {
      order: 'o_1',
      text: '加强村口检查站值守',
      priority: 'urgent',
      due: null,
      targets: [{ center: VILLAGE.center, name: '坦渡村' }],
      issuer: by,
    },
  }),
  entry(6, 50_000, VILLAGE, {
    kind: 'order.signed',
    data: { order: 'o_1', center: VILLAGE.center, name: '坦渡村', account_name: '李某' },
  }),
  entry(8, 80_000, LEADER, { kind: 'note.added', data: { note: 'n_1', text: '要点', at: at(60_000), by } }),
  entry(9, 90_000, LEADER, { kind: 'meeting.ended', data: {} }),
  entry(12, 7_200_000, VILLAGE, {
    kind: 'order.completed',
    data: { order: 'o_1', center: VILLAGE.center, name: '坦渡村', account_name: '李某', text: '已办' },
  }),
]

export const SNAPSHOT: Snapshot = {
  id: 'm_1',
  title: '防疫调度',
  kind: 'dispatch',
  state: 'ended',
  convener: LEADER,
  chair: LEADER,
  centers: [VILLAGE.center, '430682115211'],
  opened_at: OPENED,
  ended_at: at(90_000),
  record: true,
  recording: 'v_1',
  joined: 2,
  counts: { orders: 1, completed: 1, reports: 1, decisions: 0 },
  participants: [
    { ...LEADER, state: 'left', muted: false, joined_at: OPENED, left_at: at(90_000) },
    { ...VILLAGE, state: 'left', muted: false, joined_at: at(2_000), left_at: at(90_000) },
  ],
  broadcast: null,
  orders: [],
  reports: [],
  decisions: [],
  notes: [],
  seq: 12,
}

export function part(id: string, more: Partial<Part> = {}): Part {
  return {
    id,
    participant: VILLAGE.id,
    center: VILLAGE.center,
    name: '坦渡村',
    source: 'camera',
    holes: [],
    tracks: [
      { kind: 'audio', codec: 'opus' },
      { kind: 'video', codec: 'vp8' },
    ],
    started_at: at(2_500),
    offset_ms: 2_500,
    duration_ms: 30_000,
    bytes: 1000,
    sha256: 'ab'.repeat(32),
    state: 'closed',
    media: '/api/v1/recordings/v_1/parts/p_1/media',
    ...more,
  }
}
