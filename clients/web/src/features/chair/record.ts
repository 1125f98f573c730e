/** How it is told who led the meeting, that it was locked, rested and was put off, and who waited at its door. */
import { clockText } from '@/parts/now'

import type { RecordPart } from '../contract'

const CROWN = 'M-5 3V-4l3 3 2-4 2 4 3-3v7z'
const LOCK = 'M-4 -1h8v5h-8zM-2 -1v-2a2 2 0 0 1 4 0v2'
const REST = 'M-3 -4v8M3 -4v8'
const CLOCK = 'M0 -5a5 5 0 1 0 .1 0zM0 -3V0l2 2'
const DOOR = 'M-3 -5h6V5h-6zM1 0h.1'

export default {
  lane: { name: 'chair', place: 24, says: 'chair.lane' },
  entries: {
    'chair.requested': {
      sentence: ({ data }, told) => ({ key: 'chair.sentence.requested', words: { who: told.person(data.participant.id) }, quote: data.reason }),
      shape: { d: CROWN, tone: 'quiet', solid: false },
    },
    'chair.request_withdrawn': {
      sentence: ({ data }, told) => ({ key: 'chair.sentence.requestWithdrawn', words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: CROWN, tone: 'quiet', solid: false },
      quiet: true,
    },
    'chair.refused': {
      sentence: ({ actor, data }, told) => ({ key: 'chair.sentence.refused', words: { by: told.person(actor.account), who: told.person(data.participant) }, quote: '' }),
      shape: { d: CROWN, tone: 'quiet', solid: false },
    },
    'chair.changed': {
      sentence: ({ actor, data }, told) => ({
        key: `chair.sentence.changed.${data.reason}`,
        words: { by: told.person(actor.account), who: told.person(data.participant.id), before: told.person(data.before) },
        quote: '',
      }),
      shape: ({ data }) => ({ d: CROWN, tone: data.reason === 'away' ? 'warn' : 'accent', solid: true }),
    },
    'chair.backup_named': {
      sentence: ({ actor, data }, told) => ({
        key: data.participant === null ? 'chair.sentence.noBackup' : 'chair.sentence.backup',
        words: { by: told.person(actor.account), who: data.participant === null ? '' : told.person(data.participant.id) },
        quote: '',
      }),
      shape: { d: CROWN, tone: 'quiet', solid: false },
    },
    'chair.co_named': {
      sentence: ({ actor, data }, told) => ({ key: 'chair.sentence.co', words: { by: told.person(actor.account), who: told.person(data.participant.id) }, quote: '' }),
      shape: { d: CROWN, tone: 'quiet', solid: false },
    },
    'chair.co_dismissed': {
      sentence: ({ actor, data }, told) => ({ key: 'chair.sentence.noCo', words: { by: told.person(actor.account), who: told.person(data.participant) }, quote: '' }),
      shape: { d: CROWN, tone: 'quiet', solid: false },
    },
    'chair.lost': {
      sentence: ({ data }, told) => ({ key: 'chair.sentence.lost', words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: CROWN, tone: 'warn', solid: false },
    },
    'chair.returned': {
      sentence: ({ data }, told) => ({ key: 'chair.sentence.returned', words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: CROWN, tone: 'good', solid: false },
    },
    'meeting.locked': {
      sentence: ({ actor }, told) => ({ key: 'chair.sentence.locked', words: { by: told.person(actor.account) }, quote: '' }),
      shape: { d: LOCK, tone: 'going', solid: true },
    },
    'meeting.unlocked': {
      sentence: ({ actor }, told) => ({ key: 'chair.sentence.unlocked', words: { by: told.person(actor.account) }, quote: '' }),
      shape: { d: LOCK, tone: 'quiet', solid: false },
    },
    'waiting.came': {
      lane: 'presence',
      sentence: ({ data }, told) => ({ key: 'chair.sentence.came', words: { who: told.person(data.participant.id) }, quote: '' }),
      shape: { d: DOOR, tone: 'warn', solid: false },
    },
    'waiting.admitted': {
      lane: 'presence',
      sentence: ({ actor, data }, told) => ({
        key: data.participants.length > 3 ? 'chair.sentence.admittedMany' : 'chair.sentence.admitted',
        words: { by: told.person(actor.account), who: data.participants.map((one) => told.person(one.id)).join('、'), count: data.participants.length },
        quote: '',
      }),
      shape: { d: DOOR, tone: 'good', solid: false },
    },
    'waiting.refused': {
      lane: 'presence',
      sentence: ({ actor, data }, told) => ({ key: 'chair.sentence.notAdmitted', words: { by: told.person(actor.account), who: told.person(data.participant) }, quote: '' }),
      shape: { d: DOOR, tone: 'late', solid: false },
    },
    'waiting.gave_up': {
      lane: 'presence',
      sentence: ({ data }, told) => ({ key: 'chair.sentence.gaveUp', words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: DOOR, tone: 'quiet', solid: false },
      quiet: true,
    },
    'meeting.paused': {
      sentence: ({ actor, data }, told) => ({ key: 'chair.sentence.paused', words: { by: told.person(actor.account) }, quote: data.reason }),
      shape: { d: REST, tone: 'warn', solid: false },
    },
    'meeting.resumed': {
      sentence: ({ actor }, told) => ({ key: 'chair.sentence.resumed', words: { by: told.person(actor.account) }, quote: '' }),
      shape: { d: REST, tone: 'good', solid: false },
    },
    'meeting.extended': {
      sentence: ({ actor, data }, told) => ({
        key: 'chair.sentence.extended',
        words: { by: told.person(actor.account), minutes: data.minutes, at: clockText(data.ends_at).slice(0, 5) },
        quote: '',
      }),
      shape: { d: CLOCK, tone: 'going', solid: false },
    },
    'meeting.end_near': {
      sentence: ({ data }) => ({ key: 'chair.sentence.endNear', words: { at: clockText(data.ends_at).slice(0, 5) }, quote: '' }),
      shape: { d: CLOCK, tone: 'warn', solid: false },
    },
  },
  learn(learner, entry) {
    if (entry.kind === 'chair.requested' || entry.kind === 'chair.changed' || entry.kind === 'chair.co_named' || entry.kind === 'waiting.came') learner.person(entry.data.participant)
    else if (entry.kind === 'chair.backup_named' && entry.data.participant !== null) learner.person(entry.data.participant)
    else if (entry.kind === 'waiting.admitted') entry.data.participants.forEach((one) => { learner.person(one) })
  },
} satisfies RecordPart
