/** Words of the pages of grids; English. */
export default {
  label: 'Grids',
  list: {
    failed: 'Grids could not be read: {why}', again: 'Read again', reading: 'Reading…', none: 'No grid fits', clear: 'Clear', more: 'Show more', choose: 'Choose a grid to see who answers for it, who walks it, and its history',
    empty: 'There are no grids here yet. Make grids in a village, then assign a leader and members; their accounts are made by the system administrator.',
  },
  search: 'Grid, person, village or code', unassigned: 'Nobody assigned', ended: 'With ended ones', make: 'New grid',
  board: { label: 'Grids by center', up: 'Up', center: 'Center', grids: 'Grids', unassigned: 'Open', members: 'People', planned: 'Homes', total: 'Total' },
  kind: { basic: 'Basic', dedicated: 'Dedicated' },
  state: { active: 'In use', ended: 'Ended' },
  nobody: 'Nobody assigned', more: '{name} and others, {count} people', planned: '{count} homes',
  one: {
    now: 'Now', back: 'Back to the list', code: 'Code', village: 'Belongs to', leader: 'Leader', members: 'Members', planned: 'Homes (planned)', since: 'Since', ended: 'Ended', none: 'Nobody', gone: 'Account deleted',
    into: 'Became', change: 'Change', assign: 'Assign', hand: 'Hand over', split: 'Split', join: 'Join', remove: 'Remove', phone: 'People and phones',
    history: 'History', kept: 'Leaders and dispatchers of the village and above it change grids',
  },
  step: { made: 'Made', changed: 'Changed', assigned: 'Assigned', handed: 'Handed over', split: 'Split', joined: 'Joined', removed: 'Removed' },
  stepSays: { people: 'Leader {leader}; members {members}', others: 'Grids {codes}', hub: 'The hub', nobody: 'nobody' },
  form: {
    make: 'New grid', change: 'Change the grid', village: 'Village', pickVillage: 'Type a village’s name and choose', name: 'Name', nameHint: 'First grid, River grid', kind: 'Kind', planned: 'Planned homes', hint: '30–50 homes suit a grid',
    save: 'Save', making: 'Saving…', cancel: 'Cancel', made: '{name} was made', changed: '{name} was saved', number: 'Code (last three digits; empty: the next one)',
  },
  people: {
    title: 'Assign · {name}', leader: 'Leader', noLeader: 'No leader yet', members: 'Members', save: 'Save', grids: 'has {count} grids', free: 'free', disabled: 'disabled', saved: '{name} was assigned',
    none: 'The village has no accounts for grids yet. The system administrator makes accounts with the roles grid leader and grid member.', takes: 'It holds at once: who is not named sees the grid no longer.',
  },
  hand: {
    title: 'Hand grids over', from: 'From', to: 'To', which: 'Which grids', all: 'All', says: '{from} sees these grids no longer, {to} has them at once; open homes of sweeps and errands go along.', go: 'Hand over {count} grids', done: '{count} grids were handed to {to}', pick: 'Choose', undo: 'Undo',
    fits: '{name} is no grid leader and cannot take a leader’s place: the system administrator changes roles',
  },
  split: {
    title: 'Split · {name}', says: 'Every home goes to one grid; those that are not named go to the part marked “the rest”. Open sweeps follow the homes: none is lost, none counted twice.', part: 'Part {number}', keep: 'The grid goes on (same code)', name: 'Name', rest: 'The rest goes here', member: 'Member', planned: 'Homes',
    households: 'Homes', building: '{count} homes', add: 'One more part', drop: 'Drop', go: 'Split into {count} grids', done: 'Split into {count} grids', noHomes: 'No homes are registered yet.', move: 'Whole building to', stay: 'the rest', reading: 'Reading homes…', picked: '{count} homes',
  },
  join: { title: 'Join grids', says: 'Choose the grids to join with {name}: homes and open sweeps come along; the other codes are not used again.', keep: 'Keeps the code', name: 'Name afterwards', members: 'Members are put together', go: 'Join {count} grids', done: 'Joined as {name}', none: 'The village has no other grid of this kind' },
  remove: { title: 'Remove {name}?', says: ['Only for grids made by mistake.', 'The code is not used again; its history stays.'], yes: 'Remove', no: 'Keep', done: '{name} was removed' },
  bring: {
    title: 'Grids', say: 'Leaders and dispatchers of the village and above it keep grids in 巡查 › 网格. Here a whole list is brought from a file; people whom it names and who have no account get one.', list: 'Bring a list of grids',
    columns: 'The first row is the header: village (name, path or code), grid, homes, leader, members; code and kind may stand besides. Several members are parted by 、. CSV or XLSX, 20,000 rows at most; looked at first.',
    busy: { look: 'Reading the file…', take: 'Bringing {done} of {all}', undo: 'Taking back {done} of {all}' }, preview: '{fresh} new, {changed} with other people, {same} as they are, {people} new accounts, {wrong} wrong', fresh: 'Grids to be made', changes: 'Grids with other people', people: 'Accounts to be made', username: 'User name', role: 'Role',
    nothing: 'Nothing to change: all grids of the list are so.', phones: 'New accounts have no password: they sign in by a phone’s QR code that the village shows, or get one-time passwords.', apply: 'Bring', applyGood: 'Bring the good rows', done: 'Brought: {grids} grids, {changed} with other people, {people} accounts', undo: 'Take this list back', keep: 'Leave it', imports: 'Lists of the last day', importOf: '{time} ({villages} villages): {grids} new grids are there still, {changed} have its people still', undoPut: 'In {grids} grids those work again who did before; what was changed since stays.', undoGrids: 'The {grids} grids that it brought go.', undoPeople: 'Accounts that came with it stay; they are deleted in accounts.', undoLived: 'A grid with households stays: join it with another one first.', undone: 'Taken back: {grids} grids removed, people put back in {put} grids, {people} accounts deleted.', undoneLeft: '{left} grids were changed since or have households, and stay as they are.',
  },
}
