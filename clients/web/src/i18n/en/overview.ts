/** Words of the overview: the day. */
import type { DeskPageWords } from '../zh-CN/desk'

export default {
  title: 'Today',
  figures: { online: 'Centers online', meetings: 'Meetings now' },
  columns: { call: 'Convene', waits: 'Waiting for me', today: 'Today' },
  running: { title: 'Running', none: 'No meeting now', enter: 'Enter', since: 'since {time} · {sum}', more: 'All meetings' },
  call: {
    hint: 'Choose, look over the list in Command, then press once more to call.',
    counties: 'All counties',
    townships: 'All townships',
    online: 'All online',
    own: 'Choose…',
  },
  waits: { none: 'Nothing is waiting for you' },
  today: { none: 'Nothing else today' },
  last: { title: 'Latest meetings', none: 'No meeting was held yet', attended: '{count} present' },
} satisfies DeskPageWords['overview']
