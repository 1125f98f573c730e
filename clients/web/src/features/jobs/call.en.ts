/** Words of jobs in the record; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  lane: 'Made',
  film: { asked: '{who} asked for a film', done: 'The film is made', failed: 'The film could not be made', cancelled: '{who} cancelled the film' },
  clip: { asked: '{who} asked for a clip {from}–{to}', done: 'The clip {from}–{to} is cut', failed: 'The clip could not be cut', cancelled: '{who} cancelled a clip' },
  picture: { asked: '{who} asked for the picture of {at}', done: 'Picture of {name} at {at} taken', failed: 'The picture could not be taken', cancelled: '{who} cancelled a picture' },
  check: { asked: '{who} asked for a check of the files', done: 'Files checked: {whole} as the journal says', bad: 'Files checked: {bad} faults found', failed: 'The files could not be checked', cancelled: '{who} cancelled the check of the files' },
  evidence: { asked: '{who} asked for an evidence bundle with recordings', done: 'The evidence bundle with recordings is made', failed: 'The evidence bundle with recordings could not be made', cancelled: '{who} cancelled the evidence bundle with recordings' },
  handover: { asked: '{who} asked for a hand-over', done: 'The hand-over is made', failed: 'The hand-over could not be made', cancelled: '{who} cancelled the hand-over' },
  other: { asked: '{who} asked for long work', done: 'Long work is done', failed: 'Long work could not be done', cancelled: '{who} cancelled long work' },
  command: { 'job.ask': 'long work', 'job.cancel': 'cancelling long work' },
  entry: { 'job.asked': 'Work asked for', 'job.cancelled': 'Work cancelled', 'job.done': 'Work done', 'job.failed': 'Work failed' },
} satisfies Translated<typeof zh>
