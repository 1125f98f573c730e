/** Words of the pages of minutes; they come with them. English. */
export default {
  title: 'Minutes', back: 'Back to the list of minutes', toMeeting: 'Record and film of the meeting', reading: 'Reading the minutes …', failed: 'The minutes cannot be read ({why})', again: 'Try again',
  list: {
    lead: 'After a meeting its clerk writes them from the record, and the chair approves them. Open a meeting in the archive and choose “Minutes” to begin.',
    which: { label: 'Which ones', all: 'all', mine: 'for me', submitted: 'waiting', returned: 'returned', approved: 'approved' },
    none: 'There are no such minutes.', meeting: 'Meeting', state: 'State', number: 'Number', who: 'Submitted by', at: 'Changed last', more: 'Earlier ones',
  },
  state: { none: 'not submitted', submitted: 'waits for approval', returned: 'returned', approved: 'approved', withdrawn: 'taken back' },
  stands: {
    none: 'Nothing was submitted yet.', running: 'The meeting still runs: write now, submit when it is over.', submitted: 'Submitted by {who} at {at}; {chair} or a leader above approves them.', returned: 'Returned by {who} at {at}: {reason}',
    withdrawn: 'Taken back by {who} at {at}; they can be changed.', approved: '{who} approved version {version} at {at}. It is never changed; what is put right is a new version.',
  },
  shown: { label: 'Which text', work: 'being written', submission: 'submitted', version: 'version {version}' },
  save: { clean: 'Saved {at} ({who})', fresh: 'Drafted from the record as of {at}; saved once it is changed', dirty: 'Changed, saved in a moment', saving: 'Saving …', failed: 'Not saved: {why}. It is tried again; nothing is lost while this page is open', merged: '{who} writes, too; his changes were put in', conflict: '{who} changed the same sections; choose which to use', restored: 'Found again what was not saved last time' },
  key: { dropPicture: 'Leave “{caption}” out of the minutes', submit: 'Submit', approve: 'Approve', return: 'Return', withdraw: 'Take back', newVersion: 'New version', docx: 'DOCX', pdf: 'PDF', print: 'Print', making: 'Being made …', unmade: 'Not made ({why})', redraft: 'Take from the record', undo: 'Undo', addSection: 'Add a section', add: 'Take over', added: 'is there', row: 'Add a row', dropRow: 'Delete row {row}', up: 'Move “{title}” up', down: 'Move “{title}” down', drop: 'Delete “{title}”' },
  did: { dropped: '“{title}” was deleted', redrafted: '“{title}” is as the record has it' },
  ask: {
    submit: 'Submit for approval?', submitSays: '{chair} approves them; until then they are not changed, and can be taken back.', why: 'Why there is a new version (needed)', whyHint: 'For example: responsible centers added', whyMissing: 'Say why there is a new version',
    approve: 'Approve these minutes?', approveSays: 'They become version {version}, are kept for ever and never changed. Who reads the meeting’s record reads them.', approveDrill: 'These are minutes of a drill.', return: 'Return them', returnSays: 'Say what is to be changed; {who} reads it.', reason: 'What is to be changed (needed)', reasonHint: 'For example: decision 2 names nobody responsible', reasonMissing: 'Say what is to be changed', keep: 'No',
  },
  edit: { picture: 'Picture of the recording', caption: 'Caption', title: 'Title', section: 'Heading', text: 'Text of “{title}”', cell: '{column}, row {row}', moments: 'Open the film', moment: 'Open the film at {code}', rows: 'Rows {from}–{to} of {count}', earlier: '50 before', later: '50 after', newSection: 'New section', none: 'Nothing is written here' },
  side: { label: 'Beside', sources: 'Sources', history: 'Steps', versions: 'Versions' },
  sources: { lead: 'What the record has. A time opens the film there, “Take over” adds a line to the text. As of {at}.', unused: 'Only what is not used yet', none: 'All is used.', failed: 'The sources cannot be read', again: 'Read again' },
  steps: { none: 'Nothing was done yet.', submitted: 'submitted by {who}', returned: 'returned by {who}', withdrawn: 'taken back by {who}', approved: 'version {version} approved by {who}' },
  versions: { none: 'Nothing was approved yet.', one: 'Version {version} · {at} · approved by {who}', digest: 'SHA-256 of the text', differs: 'Compared to version {version}', same: 'The words are the same.', gone: 'out', new: 'in', compare: 'What changed', hide: 'Fold' },
  conflict: { title: 'Two people changed the same sections', lead: '{who} saved another text at {at}. Choose which to use of these; all others are put together already.', mine: 'Mine', theirs: 'By {who}', use: 'Use this one', used: 'chosen', done: 'Put together and save', head: 'Title and head' },
  paper: { draft: 'DRAFT, not approved', waits: 'Waits for approval', drill: 'DRILL', secret: 'SECRET', number: 'Number: {number}', approved: 'Approved by {name}, {center}, {at}', written: 'Submitted by {name}, {center}', why: 'About this version: {why}' },
}
