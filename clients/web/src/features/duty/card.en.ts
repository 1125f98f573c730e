/** Words of the card on 总览; they come with it. English. */
import type { Translated } from '../words'
import type zh from './card.zh'

export default {
  title: 'Duty', all: 'All duty', reading: 'Reading who is on duty…', failed: 'Duty cannot be read ({why}); it is tried again.',
  own: { taken: 'Here {who}, took over at {time}', roster: 'Here {who} (by roster, from {time})', nobody: 'Nobody on duty here' },
  missedOwn: '{who} was to take over at {time}', missed: 'Not taken over at {count} centers', missedOf: 'not taken over at {time}: {who}', nobody: 'Nobody on duty at {count} centers',
} satisfies Translated<typeof zh>
