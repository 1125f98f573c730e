/** How it is told what all saw: who was broadcast, what single viewers saw, layouts, the lock, voices, the second stream. */
import type { EntryOf, RecordPart, Sentence } from '../contract'

const SCREEN = 'M-6 -4h12v8h-12z'
const CELLS = 'M-6 -4h12v8h-12zM0 -4v8M-6 0h12'

const told = (key: string, words: Sentence['words']): Sentence => ({ key: `stage.sentence.${key}`, words, quote: '' })

function broadcast({ actor, data }: EntryOf<'stage.broadcast'>, person: (account: string) => string): Sentence {
  const by = person(actor.account)
  if (data.participant === null) return told('off', { by })
  const because = data.because ?? 'chair'
  return told(because === 'chair' ? 'on' : `on_${because}`, { by, who: person(data.participant) })
}

export default {
  lane: { name: 'stage', place: 20, says: 'stage.lane' },
  entries: {
    'stage.broadcast': {
      sentence: (entry, { person }) => broadcast(entry, person),
      shape: ({ data }) => ({ d: SCREEN, tone: 'going', solid: data.participant !== null }),
      ofRun: ({ data }) => data.because === 'tour',
    },
    'stage.view': {
      sentence: ({ actor, data }, { person }) =>
        data.source === null
          ? told('view_off', { by: person(actor.account), viewer: person(data.viewer) })
          : told('view', { by: person(actor.account), viewer: person(data.viewer), who: person(data.source) }),
      shape: ({ data }) => ({ d: SCREEN, tone: 'signed', solid: data.source !== null }),
      ofRun: ({ data }) => data.because === 'tour',
    },
    'stage.layout': {
      sentence: ({ actor, data: { layout } }, { person }) =>
        layout === null
          ? told('layout_off', { by: person(actor.account) })
          : told(`layout_${layout.to}`, { by: person(actor.account), grid: layout.grid }),
      shape: ({ data }) => ({ d: CELLS, tone: 'going', solid: data.layout !== null }),
      ofRun: ({ data }) => data.because === 'tour',
    },
    'stage.locked': {
      sentence: ({ data }) => told('locked', { by: data.by.center_name }),
      shape: { d: SCREEN, tone: 'warn', solid: true },
    },
    'stage.unlocked': {
      sentence: ({ data }) => told('unlocked', { by: data.by.center_name }),
      shape: { d: SCREEN, tone: 'warn', solid: false },
    },
    'stage.voice_followed': {
      sentence: ({ actor, data }, { person }) => told(data.on ? 'voice' : 'voice_off', { by: person(actor.account) }),
      shape: ({ data }) => ({ d: SCREEN, tone: 'quiet', solid: data.on }),
    },
    'stage.screen': {
      sentence: ({ actor, data: { screen, shows } }, { person }) =>
        told(shows === null ? 'screen_off' : shows.layout === null ? 'screen_share' : 'screen', {
          by: person(actor.account),
          screen,
          grid: shows?.layout?.grid ?? '',
          at: shows?.share?.at ?? 0,
          of: shows?.share?.of ?? 0,
        }),
      shape: ({ data }) => ({ d: CELLS, tone: 'quiet', solid: data.shows !== null }),
      quiet: true,
    },
    'layout.saved': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
    'layout.removed': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
    'stage.second': {
      sentence: ({ actor, data }, { person }) => {
        if (data.participant !== null) return told('second', { who: person(data.participant) })
        const { reason = 'hand' } = data
        return told({ hand: 'second_off', left: 'second_left', lost: 'second_gone' }[reason], { by: person(actor.account) })
      },
      shape: ({ data }) => ({ d: CELLS, tone: 'going', solid: data.participant !== null }),
    },
    'stage.second_lost': {
      sentence: ({ data }, { person }) => told('second_lost', { who: person(data.participant) }),
      shape: { d: CELLS, tone: 'warn', solid: false },
      quiet: true,
    },
    'stage.second_returned': {
      sentence: ({ data }, { person }) => told('second_returned', { who: person(data.participant) }),
      shape: { d: CELLS, tone: 'going', solid: false },
      quiet: true,
    },
  },
} satisfies RecordPart
