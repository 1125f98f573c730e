/** How it is told who asked to speak, who was given the word, and how it ended. */
import { minutes } from '@/parts/minutes'

import type { RecordPart, Sentence } from '../contract'

const BUBBLE = 'M-6 -5h12v7h-7l-3 4v-4h-2z'

export default {
  lane: { name: 'floor', place: 25, says: 'floor.lane' },
  entries: {
    'floor.requested': {
      sentence: ({ data }, told) => ({
        key: 'floor.sentence.requested',
        words: { who: told.person(data.participant) },
        quote: data.reason ?? '',
      }),
      shape: { d: BUBBLE, tone: 'warn', solid: false },
    },
    'floor.withdrawn': {
      sentence: ({ data }, told) => ({
        key: 'floor.sentence.withdrawn',
        words: { who: told.person(data.participant) },
        quote: '',
      }),
      shape: { d: BUBBLE, tone: 'quiet', solid: false },
    },
    'floor.granted': {
      sentence: ({ actor, at, data }, told): Sentence => {
        const words = { by: told.person(actor.account), who: told.person(data.participant) }
        return data.until === null
          ? { key: 'floor.sentence.granted', words, quote: '' }
          : {
              key: 'floor.sentence.granted_for',
              words: { ...words, time: minutes(Date.parse(data.until) - Date.parse(at)) },
              quote: '',
            }
      },
      shape: { d: BUBBLE, tone: 'going', solid: true },
    },
    'floor.denied': {
      sentence: ({ actor, data }, told) => ({
        key: 'floor.sentence.denied',
        words: { by: told.person(actor.account), who: told.person(data.participant) },
        quote: data.reason ?? '',
      }),
      shape: { d: BUBBLE, tone: 'quiet', solid: false },
    },
    'floor.moved': {
      sentence: ({ actor, data }, told) => ({
        key: 'floor.sentence.moved',
        words: { by: told.person(actor.account), who: told.person(data.participant), place: data.place },
        quote: '',
      }),
      shape: { d: BUBBLE, tone: 'quiet', solid: false },
      quiet: true,
    },
    'floor.overran': {
      sentence: ({ data }, told) => ({ key: 'floor.sentence.overran', words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: BUBBLE, tone: 'warn', solid: true },
    },
    'floor.held': { untold: 'that the meeting is paused says it' },
    'floor.went_on': { untold: 'that the meeting goes on says it' },
    'floor.changed': {
      sentence: ({ actor, data }, told) => ({
        key: `floor.sentence.changed_${data.order}_${data.at_end}`,
        words: { by: told.person(actor.account), shows: data.shows ? '✓' : '✗' },
        quote: '',
      }),
      shape: { d: BUBBLE, tone: 'quiet', solid: false },
    },
    'floor.released': {
      sentence: ({ data }, told) => ({
        key: 'floor.sentence.released',
        words: { who: told.person(data.participant) },
        quote: '',
      }),
      shape: { d: BUBBLE, tone: 'quiet', solid: true },
    },
    'floor.revoked': {
      sentence: ({ actor, data }, told) => ({
        key: `floor.sentence.revoked_${data.reason}`,
        words: { by: told.person(actor.account), who: told.person(data.participant) },
        quote: '',
      }),
      shape: { d: BUBBLE, tone: 'quiet', solid: true },
    },
  },
} satisfies RecordPart
