/** Words of the chair's panel and notices; they come with it. English. */
import type { Translated } from '../words'
import type zh from './panel.zh'

export default {
  view: { title: 'Chair and control', control: 'Control', record: 'History of control' },
  who: {
    title: 'Chair', you: '(you)', away: 'line lost', absent: 'not here', since: 'for {time}', passes: '{who} takes over', others: 'a co-chair, or who commands the meeting',
    take: 'Take the chair', ask: 'Ask for the chair', reason: 'Reason (optional)', asked: 'Asked; waiting for the chair', withdraw: 'Withdraw', giveBack: 'Give the chair back', handOver: 'Hand over…', to: 'Hand over to', choose: 'Choose somebody', none: 'Nobody here may have the chair (a leader or dispatcher)',
  },
  hand: { title: 'Hand the chair over to {who}?', first: '{who} will lead the meeting, and may end it', second: 'To lead again you need it handed over, given back, or the right to take it', confirm: 'Hand over', keep: 'Keep the chair' },
  standby: { title: 'Backup chair', none: 'nobody', help: 'Takes over when the chair leaves, or is away for more than 15 s', name: 'Name' },
  co: { title: 'Co-chairs', none: 'none', help: 'They control the meeting; they neither end it nor get the chair', name: 'Name', dismiss: 'Dismiss', dismissOf: 'Dismiss {who} as co-chair' },
  requests: { title: 'Asking for the chair: {count}', grant: 'Agree', refuse: 'Refuse', grantOf: 'Give {who} the chair', refuseOf: 'Refuse {who} the chair' },
  lock: { title: 'Lock', on: 'Locked, {by} {at}', off: 'Not locked: who comes late comes in', lock: 'Lock the meeting', unlock: 'Unlock' },
  pause: { title: 'Pause', on: 'Paused, {by} {at}: nobody is heard, seen or recorded', off: 'Going on', reason: 'Why, or until when (optional; all stations read it)', pause: 'Pause the meeting', resume: 'Go on' },
  term: { title: 'Planned end', none: 'No end is planned', at: '{at}, {time} left', over: '{at}, {time} over', add: '+{minutes} min', addOf: 'Extend by {minutes} minutes' },
  waiting: { title: 'Waiting: {count}', none: 'Nobody waits', since: 'for {time}', refused: 'told no', admit: 'Let in', admitOf: 'Let {who} in', refuse: 'Refuse', refuseOf: 'Do not let {who} in', all: 'Let all {count} in' },
  notice: {
    you: 'You have the chair now', other: 'Chair: {who}', paused: 'The meeting is paused: nobody is heard or seen', waiting: '{count} waiting to come in', near: 'The meeting is planned to end at {at}, {time} left', over: 'Past the planned end, {at}', asks: '{who} asks for the chair', door: 'The meeting is locked; please wait for the chair to let you in', refused: 'The chair does not let you in this time', show: 'Show', away: 'The chair’s line is lost for {time}; unless it is back {who} takes over', close: 'Understood', label: 'About the meeting',
  },
  record: {
    none: 'Nothing was controlled yet', noneFound: 'No such control', by: 'By', everybody: 'Everybody', system: 'The hub', kind: 'Kind', all: 'All', older: 'Older', csv: 'Export CSV', xlsx: 'Export Excel', failed: 'The history could not be read', again: 'Try again', reading: 'Reading…', minutes: 'History of control', filter: 'Control',
    group: { meeting: 'Meeting', chair: 'Chair', waiting: 'Letting in', participant: 'Mute and remove', stage: 'Stage', floor: 'Floor', roll_call: 'Roll call', recording: 'Recording', tour: 'Tour', banner: 'Banner', sound: 'Rules of sound', speaker: 'Speakers', listen: 'Listening in', talk: 'Forced insert', apart: 'A word apart', unit: 'Joined meetings' },
  },
} satisfies Translated<typeof zh>
