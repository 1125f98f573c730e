/** Words of the chair's controls that only desks show; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  tab: 'Chair',
  lane: 'Chair',
  does: { tab: 'Open the chair and its controls', lock: 'Lock the meeting; again: unlock', pause: 'Pause the meeting; again: go on', admit: 'Let in all who wait' },
  figure: 'Waiting',
  spoken: { chair: '{who} has the chair now', you: 'You have the chair now', waiting: '{count} waiting to come in' },
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
