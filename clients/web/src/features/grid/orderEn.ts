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
  over: 'This order is over: nothing more to do',
  ended: { done: 'Done', withdrawn: 'The village took it back: nothing more to do', ended: 'The order is over: nothing more to do' },
  state: { done: 'Done', withdrawn: 'Taken back', ended: 'Over' },
  reason: (reason) => `Why: ${reason}`,
  photos: (count) => (count === 1 ? 'one photo' : `${String(count)} photos`),
  files: 'Files',
  showFiles: (count) => (count === 1 ? 'Open the file' : `Open ${String(count)} files`),
  opening: 'Opening…',
  noFiles: 'They cannot be opened: no line, or the order is over',
  turn: { new: 'To be received', going: 'In progress', over: 'Over' },
  priority: { critical: 'Critical', urgent: 'Urgent', normal: 'Normal' },
}
