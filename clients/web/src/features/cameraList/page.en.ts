/** Words of the list of cameras and of its administration; English. */
import type zh from './page.zh'

export default {
  label: 'Cameras',
  list: {
    failed: 'Cameras could not be read: {why}', again: 'Read again', reading: 'Reading…', none: 'No camera fits', empty: 'There are no cameras in your area yet. The system administrator adds them under Administration › Cameras, one by one or from a spreadsheet.',
    clear: 'Clear', more: 'Show more', choose: 'Choose a camera to see its state, streams and sharing',
  },
  search: 'Name, pinyin, number, tag, place (临湘 坦渡)',
  anyState: 'Any state', anyKind: 'Any kind', anyTag: 'Any tag', important: 'Important only', failing: 'Failing',
  state: { unknown: 'Not checked', ok: 'Online', away: 'Away', refused: 'Wrong sign-in', silent: 'No picture', unplayable: 'Not playable' },
  kinds: { fixed: 'Fixed', ptz: 'PTZ', dome: 'Dome', panorama: 'Panorama', mobile: 'Mobile', other: 'Other' },
  board: {
    label: 'Cameras by center', count: 'Cameras {cameras}', ok: 'Online {count}', away: 'Failing {count}', unknown: 'Not checked {count}', own: 'Own {count}', up: 'Up', shared: 'Shared with us {count}', back: 'All of our own',
  },
  one: {
    back: 'Back to the list', gone: 'There is no such camera, or it is not yours to see', watch: 'Watch', center: 'Belongs to', place: 'Place', code: 'Number', kind: 'Kind', tags: 'Tags', state: 'State', since: 'since {time}', checked: 'looked at {time}', never: 'Never looked at',
    main: 'Main stream', sub: 'Sub stream', noFacts: 'Codec and size are shown once it was looked at', sound: 'Sound', soundYes: 'May be heard', point: 'Position', important: 'An important camera', hidden: 'Out of use: nobody can watch it', ptz: 'PTZ', ptzYes: 'Can be turned', presets: 'Presets',
    fps: '{count} fps', mbps: '{count} Mbit/s', from: 'Shared by {name}',
  },
  reason: {
    timeout: 'timed out', unreachable: 'no answer', credentials: 'wrong user or password', forbidden: 'the user may not watch', no_stream: 'no such stream', codec_h265: 'H.265, which browsers do not play: transcoded for who watches', b_pictures: 'B pictures, which browsers do not play: transcoded for who watches', profile: 'a profile that browsers do not play: transcoded for who watches', silent: 'connected, but nothing came', not_allowed: 'not in an allowed network', no_video: 'no video', busy: 'all its connections are taken', malformed: 'its answer is not understood', closed: 'it closed the connection', refused: 'it refused',
  },
  share: {
    label: 'Sharing', none: 'Seen by its own center and those above alone', hint: 'Who it is shared with may watch it, not turn or change it. Taken back, it ends at once.', add: 'Share with…', find: 'Name or pinyin of a center', take: 'Stop sharing', done: 'Shared with {name}', taken: 'No longer shared with {name}', undo: 'Undo', noHit: 'No such center',
  },
  keep: { key: 'Change name, tags, place', title: 'Change', save: 'Save', cancel: 'Cancel', saved: 'Saved', name: 'Name', tags: 'Tags (parted by blanks)', place: 'Place' },
  manage: {
    title: 'Cameras', say: 'Addresses, users and passwords are kept encrypted; no page, log or export shows a password.', add: 'Add', search: 'Find devices', bring: 'Import a spreadsheet', export: 'Export {kind}', total: '{count} in all', empty: 'There are no cameras yet. Add one, or import all from a spreadsheet (CSV, XLSX, up to 300,000 rows).',
    none: 'No camera fits', more: 'Show more', choose: 'Choose a camera to change it', networks: 'Without networks of cameras (HUB_CAMERA_NETWORKS) no address can be added.',
    isNew: 'Add a camera', change: 'Change a camera', name: 'Name', center: 'Belongs to', code: 'Number (GB/T 28181 or own; may be empty)', kind: 'Kind', tags: 'Tags (parted by blanks)', place: 'Place', main: 'Address of the main stream', sub: 'Address of the sub stream (optional; saves bandwidth on walls)', onvif: 'ONVIF address (optional; for turning it)',
    user: 'User', password: 'Password', kept: 'Kept, never shown; type to replace it', addressHint: 'rtsp://host:port/path; a user and password in it are taken out and encrypted', sound: 'Sound may be heard', important: 'Important', shown: 'In use', test: 'Test the connection', testing: 'Connecting to the camera…', save: 'Save', make: 'Add', cancel: 'Cancel',
    remove: 'Remove', removeAsk: 'Remove “{name}”? Its state and sharing go with it; pictures and records stay.', removeYes: 'Remove it', made: '{name} was added', saved: '{name} was saved', removed: '{name} was removed', find: 'Name, pinyin, number, center', pickCenter: 'Type the name or pinyin of a center',
    tested: { ok: 'Connected, with a picture', away: 'No connection: no answer', refused: 'Connected, but the user or password is wrong', silent: 'Connected, but no picture came', unplayable: 'There is a picture that browsers cannot play', unknown: 'No result' },
    imports: 'Imported lately', importOf: '{time} {name}: {count} cameras of {centers} centers', undo: 'Take all back', undoAsk: 'Take back the {count} cameras of this import?', undone: '{count} cameras were taken back', until: 'until {time}',
  },
  bring: {
    title: 'Import cameras', back: 'Back', drop: 'Drop a spreadsheet here, or', pick: 'Choose a file', other: 'Another file', limits: 'CSV (UTF-8, GB18030) or XLSX with a head, up to 300,000 rows; passwords are not shown and are kept encrypted', sending: 'Reading the file…', rows: '{count} rows', columns: 'What the columns are', columnsHint: 'Guessed by their names: please look. A center may be a code, a name, or several columns of a path.',
    role: {
      center: 'Center', name: 'Name', code: 'Number', kind: 'Kind', tags: 'Tags', place: 'Place', lat: 'Latitude', lon: 'Longitude', main: 'Main stream', sub: 'Sub stream', onvif: 'ONVIF', ip: 'IP address', port: 'Port', channel: 'Channel', vendor: 'Vendor', user: 'User', password: 'Password', important: 'Important', out: 'Leave out',
    },
    column: 'Column {letter}', matching: 'Checking…', found: '{count} can be imported, of {centers} centers', known: '{count} are in the directory already (same number or address) and stay as they are', wrong: '{count} rows cannot be used', wrongRow: 'Row {row} {column}: {why}', unsure: '{count} rows have no sure center', unsureHint: 'Choose one for each, or leave these rows out.', leaveOut: 'Leave these {count} rows out', times: '{count} rows (row {rows}…)', pickCenter: 'Choose a center…', skip: 'Leave out', first: 'As they will be (first rows)', password: 'with password', noPassword: 'no password',
    why: { several: 'several', unknown: 'no such center', none: 'empty' },
    wrongWhy: {
      name: 'no name, or longer than 100', code: 'characters that a number cannot have', kind: 'unknown kind', yes_or_no: 'neither yes nor no', tags: 'too many or too long tags', too_long: 'too long', degrees: 'no position', no_address: 'no address', vendor: 'an IP alone needs the vendor (Hikvision, Dahua, Uniview)', network: 'not in an allowed network', twice: 'the same as a row before', address_scheme: 'an address begins with rtsp://', address_host: 'no host', address_port: 'no port', address_long: 'too long', address_characters: 'blanks in the address', cells: 'wrong number of columns', control: 'control characters', digits: 'digits were lost; make the column text',
    },
    load: 'Import {count}', loading: '{done} of {of} written', loadingStart: 'Checking…', loaded: '{count} cameras were imported', to: 'Show them',
    problem: { columns: 'One column is the name and one the main address (or IP and vendor); none stands twice', center: 'Without a column of centers, say whose the cameras are', nothing: 'No row can be imported', unsure: 'Some rows have no sure center: choose, or leave them out', known: 'All of these cameras are there already' },
    whole: 'The whole file belongs to',
  },
  refused: { main: 'The main address cannot be used: {why}', sub: 'The sub address cannot be used: {why}', onvif: 'The ONVIF address cannot be used: {why}', code: 'Another camera has this number, or it has characters that it cannot have', center: 'There is no such center', network: 'not in an allowed network (HUB_CAMERA_NETWORKS)', taken: 'another camera has this address', form: 'it should be rtsp://host:port/path' },
} satisfies typeof zh
