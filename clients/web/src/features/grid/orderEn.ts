/** Words of orders on the phone; English. */
import type { orderZh } from './orderZh'

export const orderEn: typeof orderZh = {
  sign: 'Received',
  signed: 'Received, kept on the phone',
  report: 'Report',
  textHint: 'How it goes; no names',
  textMissing: 'Say how it goes',
  progress: 'In progress',
  done: 'Done',
  reported: 'Reported, kept on the phone',
  note: 'What the village adds',
  last: 'Said last',
  over: 'This order is over',
  turn: { new: 'To be received', going: 'In progress', over: 'Over' },
  priority: { critical: 'Critical', urgent: 'Urgent', normal: 'Normal' },
}
