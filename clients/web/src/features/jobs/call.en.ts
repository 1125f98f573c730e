/** Words of jobs in the record; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  lane: 'Made',
  film: { asked: '{who} asked for a film', done: 'The film is made', failed: 'The film could not be made', cancelled: '{who} cancelled the film' },
  other: { asked: '{who} asked for long work', done: 'Long work is done', failed: 'Long work could not be done', cancelled: '{who} cancelled long work' },
  command: { 'job.ask': 'long work', 'job.cancel': 'cancelling long work' },
  entry: { 'job.asked': 'Work asked for', 'job.cancelled': 'Work cancelled', 'job.done': 'Work done', 'job.failed': 'Work failed' },
} satisfies Translated<typeof zh>
