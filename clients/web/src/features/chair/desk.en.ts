/** Words of the chair's controls that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  tab: 'Chair',
  lane: 'Chair',
  does: { tab: 'Open the chair and its controls', lock: 'Lock the meeting; again: unlock', pause: 'Pause the meeting; again: go on', admit: 'Let in all who wait' },
  figure: 'Waiting',
  view: { title: 'Chair and control', control: 'Control', record: 'History of control' },
  who: {
    title: 'Chair', you: '(you)', away: 'line lost', absent: 'not here', since: 'for {time}', passes: '{who} takes over', others: 'a co-chair, or who commands the meeting',
    take: 'Take the chair', ask: 'Ask for the chair', reason: 'Reason (optional)', asked: 'Asked; waiting for the chair', withdraw: 'Withdraw', giveBack: 'Give the chair back', handOver: 'Hand over…', to: 'Hand over to', choose: 'Choose somebody', none: 'Nobody here may have the chair (a leader or dispatcher)',
  },
  hand: { title: 'Hand the chair over to {who}?', first: '{who} will lead the meeting, and may end it', second: 'To lead again you need it handed over, given back, or the right to take it', confirm: 'Hand over', keep: 'Keep the chair' },
  backup: { title: 'Backup chair', none: 'nobody', help: 'Takes over when the chair leaves, or is away for more than 15 s', name: 'Name' },
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
    group: { meeting: 'Meeting', chair: 'Chair', waiting: 'Letting in', participant: 'Mute and remove', stage: 'Stage', floor: 'Floor', roll_call: 'Roll call', recording: 'Recording', tour: 'Tour', banner: 'Banner', sound: 'Rules of sound', speaker: 'Speakers', listen: 'Listening in', talk: 'Forced insert', apart: 'A word apart' },
  },
  spoken: { chair: '{who} has the chair now', you: 'You have the chair now', waiting: '{count} waiting to come in' },
  palette: { lock: 'Lock the meeting', unlock: 'Unlock the meeting', pause: 'Pause the meeting', resume: 'Go on with the meeting', admit: 'Let in the {count} who wait', take: 'Take the chair', ask: 'Ask for the chair', extend: 'Extend the meeting by {minutes} minutes', end: 'Meeting' },
  sentence: {
    requested: '{who} asked for the chair', requestWithdrawn: '{who} asks for the chair no more', refused: '{by} refused {who} the chair',
    changed: { granted: '{by} gave {who} the chair', handed_over: '{by} handed the chair over to {who}', given_back: '{by} gave the chair back to {who}', taken: '{who} took the chair from {before}', away: '{before} was away, {who} took over the chair', left: '{before} left, {who} took over the chair' },
    backup: '{by} named {who} backup chair', noBackup: '{by} named no backup chair', co: '{by} named {who} co-chair', noCo: '{by} dismissed {who} as co-chair', lost: 'The desk of {who} is away', returned: 'The desk of {who} is back',
    locked: '{by} locked the meeting', unlocked: '{by} unlocked the meeting', came: '{who} came and waits to be let in', admitted: '{by} let in {who}', admittedMany: '{by} let in {count}', notAdmitted: '{by} did not let in {who}', gaveUp: '{who} waits no more',
    paused: '{by} paused the meeting', resumed: '{by} went on with the meeting', extended: '{by} extended the meeting by {minutes} minutes, to {at}', endNear: 'The planned end is near: {at}',
  },
  command: {
    'chair.request': 'asking for the chair', 'chair.withdraw': 'withdrawing the request', 'chair.grant': 'giving the chair', 'chair.refuse': 'refusing the chair', 'chair.hand_over': 'handing the chair over', 'chair.give_back': 'giving the chair back', 'chair.take': 'taking the chair',
    'chair.name_backup': 'naming the backup chair', 'chair.name_co': 'naming a co-chair', 'chair.dismiss_co': 'dismissing a co-chair', 'meeting.lock': 'locking the meeting', 'meeting.unlock': 'unlocking', 'waiting.admit': 'letting in', 'waiting.refuse': 'not letting in',
    'meeting.pause': 'pausing the meeting', 'meeting.resume': 'going on', 'meeting.extend': 'extending the meeting',
  },
  entry: {
    'chair.requested': 'Asked for the chair', 'chair.request_withdrawn': 'Asks no more', 'chair.refused': 'Chair refused', 'chair.changed': 'Chair changed', 'chair.backup_named': 'Backup chair', 'chair.co_named': 'Co-chair', 'chair.co_dismissed': 'Co-chair dismissed', 'chair.lost': 'Desk away', 'chair.returned': 'Desk back',
    'meeting.locked': 'Locked', 'meeting.unlocked': 'Unlocked', 'waiting.came': 'Waits', 'waiting.admitted': 'Let in', 'waiting.refused': 'Not let in', 'waiting.gave_up': 'Waits no more', 'meeting.paused': 'Paused', 'meeting.resumed': 'Went on', 'meeting.extended': 'Extended', 'meeting.end_near': 'End is near',
  },
} satisfies Translated<typeof zh>
