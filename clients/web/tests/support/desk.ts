/** A desk of the console without a hub: a meeting as it stands, and what was commanded. */
import { computed, effectScope, type EffectScope, ref, shallowRef } from 'vue'

import { furnish, type Furnished } from '@/features/console'
import type { Centers, ConsoleDesk } from '@/features/contract'
import { makeI18n } from '@/i18n'
import { type Look, ownKeys } from '@/pages/console/ownKeys'
import type { ConsoleMedia } from '@/pages/console/media'
import { useOwnVoice } from '@/pages/console/ownVoice'
import { useActions } from '@/parts/actions'
import type { Answer, Participant, Snapshot } from '@/protocol/types'
import { useCapture } from '@/state/capture/useCapture'
import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'
import { ownLine } from '@/state/ownLine'
import type { ScreenShare } from '@/state/screenShare'

import { CENTERS, LEADER, snapshot } from './examples'
import { FakeDevices } from './fakeDevices'

export interface FakeDesk {
  readonly desk: ConsoleDesk
  readonly furnished: Furnished
  readonly look: Look
  readonly meeting: { value: Snapshot }
  readonly person: { value: Participant | undefined }
  readonly recording: { value: boolean }
  readonly tab: { value: string }
  /** What one may do in the meeting. */
  readonly rights: { value: Set<string> }
  /** Kind and data of what was commanded. */
  readonly sent: [string, unknown][]
  /** Tabs that were opened, with the centers that were meant. */
  readonly opened: [string, Centers | undefined][]
  readonly scope: EffectScope
}

/** Commands are accepted at once. */
export function fakeDesk(given: Snapshot = snapshot()): FakeDesk {
  const scope = effectScope()
  const meeting = shallowRef(given)
  const person = shallowRef<Participant>()
  const recording = ref(false)
  const tab = ref('orders')
  const looked = ref<string | null>(null)
  const sent: [string, unknown][] = []
  const opened: [string, Centers | undefined][] = []
  const actions = useActions({ command: () => new Promise<Answer>(() => undefined) })
  const accept = (kind: string, data: unknown): Promise<boolean> => {
    sent.push([kind, data])
    return Promise.resolve(true)
  }
  const { t } = makeI18n().global
  const rights = ref(new Set(['meeting.control', 'meeting.end', 'meeting.minute', 'note.add']))
  const desk: ConsoleDesk = {
    account: LEADER,
    live: { can: ref(new Set(['order.issue'])) } as unknown as Live,
    room: { view: ref(undefined), line: ownLine(), can: rights, parts: { rows: () => ref(new Map()), value: () => ref(undefined) } } as unknown as MeetingRoom,
    actions,
    meeting,
    recording,
    now: ref(Date.parse('2026-11-23T09:00:00Z')),
    asOf: ref(undefined),
    person,
    called: computed(() => []),
    targets: computed(() => []),
    centers: computed(() => []),
    levels: ref([]),
    uncalled: (level) => CENTERS.filter((one) => one.level === level).map((one) => one.code),
    sends: ref(false),
    held: ref(false),
    tab,
    stays: () => furnished.stays(),
    nameOf: (code) => code,
    placeOf: () => '',
    deviceOf: () => '',
    targetOf: (one) => [{ code: one.center, name: one.center_name }],
    select: () => undefined,
    open: (name, about) => {
      opened.push([name, about])
    },
    order: (centers) => {
      opened.push(['orders', centers])
    },
    send: (_name, kind, data) => accept(kind, data),
    add: (_name, kind, data) => accept(kind, data),
    away: () => undefined,
    t: (key, words) => t(key, words ?? {}),
  }
  const look: Look = {
    source: looked,
    toggle: (source) => {
      looked.value = looked.value === source ? null : source
    },
  }
  const furnished = scope.run(() => {
    const capture = useCapture({ devices: new FakeDevices() })
    const media = { own: useOwnVoice(capture), capture, elsewhere: ref(false), resume: () => undefined } as unknown as ConsoleMedia
    const sharing = { state: ref('off'), problem: ref(undefined), toggle: () => Promise.resolve() } as unknown as ScreenShare
    return furnish(desk, ownKeys(desk, media, sharing, look))
  }) as Furnished
  return { desk, furnished, look, meeting, person, recording, tab, rights, sent, opened, scope }
}
