/** Words of the room of booked meetings, which are fetched with it; English. */
import type { Translated } from '../words'
import type zh from './page.zh'

export default {
  page: {
    book: 'Book a meeting', calendar: 'Calendar file', calendarHint: 'All meetings to come, for a calendar program (.ics)',
    view: { label: 'View', list: 'List', week: 'Week', month: 'Month' },
    search: 'Title, chair, center', which: { label: 'Which', all: 'All', mine: 'Mine', waits: 'Waiting for approval', off: 'Called off' },
    failed: 'Meetings cannot be read ({why}); it is tried again by itself.',
    running: 'Running', waits: 'Waiting for my approval', today: 'Today', coming: 'To come', past: 'Past',
    none: { running: 'No meeting runs', today: 'No meeting today', coming: 'Nothing is booked yet', past: 'No booked meeting since {day}', found: 'No such meeting' },
    empty: 'Nothing is booked yet. Press “Book a meeting”, choose time and centers: it opens by itself.', emptyRead: 'Nothing is booked yet.',
    earlier: 'Show earlier ones', since: 'since {day}', enter: 'Enter', more: '{count} more', previous: 'Back', next: 'On', now: 'Today',
    bookDay: 'Book a meeting on {day}', choose: 'Choose a meeting at the left; all about it is shown here.',
    minutes: '{count} min', record: 'recorded',
  },
  detail: {
    title: 'The meeting', close: 'Close', reading: 'Reading…', gone: 'There is no such meeting, or it does not concern you any more.',
    when: 'Time', chair: 'Chair', backup: 'Backup chair', by: 'Booked by', called: 'Centers', notice: 'Notice', opens: 'Opens', recording: 'Recording', note: 'Agenda',
    noticeAt: '{minutes} before', noNotice: 'no notice', byItself: 'by itself at its time', byHand: 'by its chair', records: 'from the beginning', noRecord: 'not recorded',
    changed: 'changed once | changed {count} times', others: '{count} more from outside your area', all: '{count} in all', showAll: 'List all',
    decided: { approved: 'approved by {who}', rejected: 'rejected by {who}', cancelled: 'cancelled by {who}' }, reason: 'Why: {reason}', waitsFor: 'Waits for a leader of this center or one above',
    approve: 'Approve', approving: 'Approving…', reject: 'Reject', change: 'Change', copy: 'Book it again', cancel: 'Cancel it', openNow: 'Open now', opening: 'Opening…', calendar: 'Calendar file', enter: 'Enter the meeting', archive: 'Recording and record',
  },
  ask: {
    reject: 'Reject “{title}”', cancel: 'Cancel “{title}”', open: 'Open “{title}” now', reason: 'Why', reasonHint: 'Who booked it, and centers that know of it, see this',
    rejected: '{who} sees why it was rejected', rejectedMore: 'This booking is over; another may be made', cancelled: 'The center that knows of it sees that it is cancelled | The {count} centers that know of it see that it is cancelled', cancelledMore: 'It cannot be taken back; it may be booked again',
    opens: 'One center is called at once, chaired by {who} | {count} centers are called at once, chaired by {who}', keep: 'Not now', doReject: 'Reject', doCancel: 'Cancel it', doOpen: 'Open', needed: 'Say why',
  },
  approval: { label: 'Bookings of this center’s dispatchers need approval', on: 'Needed', off: 'Not needed', saving: 'Setting…' },
  form: {
    make: 'Book a meeting', change: 'Change the meeting', save: 'Book', saveChange: 'Save changes', saving: 'Saving…', back: 'Back',
    what: 'Meeting', name: 'Title', kind: 'Kind', when: 'Time', date: 'Date', time: 'Begins', length: 'Length', lengthOther: 'Other', minutes: 'minutes', hours: '{count} h', until: 'ends {time}',
    chair: 'Chair', chairSelf: '{who} (me)', chairFind: 'Find a chair by name or center', backup: 'Backup chair (takes over when the chair drops)', backupNone: 'nobody', backupFind: 'Find a backup chair by name or center', notice: 'Notice', noNotice: 'none', noticeBefore: '{minutes} before', day: '1 day',
    byItself: 'Opens by itself', secretHint: 'Only cleared people know of this booking and its meeting; other centers called are told nothing', byItselfHint: 'else its chair presses “Open now”', record: 'Recorded from the beginning', note: 'Agenda', noteHint: 'Centers read it beforehand, such as: 1. rain 2. reports of the counties',
    problem: { title: 'Give it a title', past: 'It would begin in the past', far: 'At most 400 days ahead', when: 'Choose date and time', length: 'From 5 minutes to 24 hours', nobody: 'Choose at least one center' },
    approval: 'A leader has to approve it; centers hear of it then.', free: 'Centers hear of it as soon as it is saved.', noticed: 'Centers see the new time as soon as it is saved.',
    unsaved: 'What you filled in is not saved. Leaving drops it.', stay: 'Go on', leave: 'Leave without saving', leaveTitle: 'Not saved yet',
    failed: 'Not saved: {why}', lost: 'The meeting cannot be read: {why}', over: 'This meeting cannot be changed any more.',
    conflictHub: 'The chair leads another meeting then; confirm it to book all the same', templates: 'Templates', none: 'No templates yet',
  },
  conflict: {
    title: 'Conflicts', none: 'None: chair and centers are free then', reading: 'Looking for conflicts…', failed: 'Conflicts cannot be read ({why}); the hub looks at the chair when you save.', waiting: 'Conflicts are shown here once time and centers are chosen.',
    hidden: 'another meeting', chair: 'Same chair: {who} leads “{title}” then', chairHidden: 'Same chair: leads another meeting then', centers: '{names} are called to “{title}”', centersMore: '{names} and others, {count} centers, are called to “{title}”', from: '{from}–{to}', running: 'running', confirm: 'I know that the chair leads another meeting; book it all the same',
    count: '{count} conflict | {count} conflicts',
  },
  template: {
    use: 'Use {title}', drop: 'Delete template {title}', dropped: '“{title}” deleted', undo: 'Undo', save: 'Save as template', saving: 'Saving…', saved: 'Saved as template “{title}”', scope: 'For whom', update: 'Replace the template of that name', used: '“{title}” is filled in; choose a time',
  },
} satisfies Translated<typeof zh>
