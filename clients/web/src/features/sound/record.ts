/** How it is told who was heard by whom: settings, loudspeakers, talking by a key, words apart, listening in. */
import type { RecordPart, Told } from '../contract'

const WAVE = 'M-6 -2h3l3 -3v10l-3 -3h-3zM2 -3c2 2 2 4 0 6M4 -5c3 3 3 7 0 10'
const TWO = 'M-6 0h4M2 0h4M-1 -4v8M1 -4v8'
/** So many names are told; the rest is a number. */
const NAMED = 6

function names(centers: readonly string[], told: Told): string {
  const some = centers.slice(0, NAMED).map((code) => told.center(code)).join('、')
  return centers.length > NAMED ? `${some}…` : some
}
const mark = (on: boolean): string => (on ? '✓' : '✗')
const voice = ({ center_name, name }: { center_name: string; name: string }): string => `${center_name} ${name}`

export default {
  lane: { name: 'sound', place: 28, says: 'sound.lane' },
  entries: {
    'sound.changed': {
      sentence: ({ actor, data }, told) => ({
        key: `sound.sentence.changed_${data.mode}`,
        words: { by: told.person(actor.account), self: mark(data.self_unmute), join: mark(data.joins_muted), count: data.at_once },
        quote: '',
      }),
      shape: { d: WAVE, tone: 'quiet', solid: false },
    },
    'speaker.closed': {
      sentence: ({ actor, data }, told) => ({ key: 'sound.sentence.speakerClosed', words: { by: told.person(actor.account), count: data.centers.length, who: names(data.centers, told) }, quote: '' }),
      shape: { d: WAVE, tone: 'warn', solid: false },
    },
    'speaker.opened': {
      sentence: ({ actor, data }, told) => ({ key: 'sound.sentence.speakerOpened', words: { by: told.person(actor.account), count: data.centers.length, who: names(data.centers, told) }, quote: '' }),
      shape: { d: WAVE, tone: 'quiet', solid: false },
    },
    'talk.begun': {
      sentence: ({ data }) => ({ key: 'sound.sentence.talkBegun', words: { who: voice(data) }, quote: '' }),
      shape: { d: WAVE, tone: 'going', solid: false },
      quiet: true,
    },
    'talk.ended': {
      sentence: ({ actor, data }, told) => ({ key: `sound.sentence.talkEnded.${data.reason}`, words: { by: told.person(actor.account), who: told.person(data.participant) }, quote: '' }),
      shape: { d: WAVE, tone: 'quiet', solid: false },
      quiet: true,
    },
    'talk.cut_off': {
      sentence: ({ actor, data }, told) => ({ key: 'sound.sentence.talkCut', words: { by: told.person(actor.account), who: told.person(data.participant) }, quote: '' }),
      shape: { d: WAVE, tone: 'warn', solid: false },
    },
    'apart.begun': {
      sentence: ({ data }) => ({ key: 'sound.sentence.apartBegun', words: { by: voice(data.by), who: data.center_name }, quote: '' }),
      shape: { d: TWO, tone: 'accent', solid: false },
      subject: ({ data }) => data.talk,
    },
    'apart.joined': {
      sentence: ({ data }) => ({ key: `sound.sentence.${data.member.forced ? 'apartForced' : 'apartJoined'}`, words: { who: voice(data.member) }, quote: '' }),
      shape: ({ data }) => ({ d: TWO, tone: data.member.forced ? 'warn' : 'quiet', solid: false }),
      subject: ({ data }) => data.talk,
    },
    'apart.left': {
      sentence: ({ data }, told) => ({ key: 'sound.sentence.apartLeft', words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: TWO, tone: 'quiet', solid: false },
      subject: ({ data }) => data.talk,
    },
    'apart.ended': {
      sentence: ({ actor, data }, told) => ({ key: `sound.sentence.apartEnded.${data.reason}`, words: { by: told.person(actor.account) }, quote: '' }),
      shape: ({ data }) => ({ d: TWO, tone: data.reason === 'forced' ? 'warn' : 'quiet', solid: false }),
      subject: ({ data }) => data.talk,
    },
    'listen.begun': {
      sentence: ({ data }) => ({ key: 'sound.sentence.listenBegun', words: { by: voice(data.by), who: voice(data.to) }, quote: '' }),
      shape: { d: WAVE, tone: 'warn', solid: false },
    },
    'listen.ended': {
      sentence: ({ data }, told) => ({ key: 'sound.sentence.listenEnded', words: { by: told.person(data.by), who: told.person(data.to) }, quote: '' }),
      shape: { d: WAVE, tone: 'quiet', solid: false },
    },
  },
} satisfies RecordPart
