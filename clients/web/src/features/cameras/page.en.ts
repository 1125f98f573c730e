/** Words of the wall of cameras and of one camera's page; English. */
import type { Translated } from '../words'
import type zh from './page.zh'

export default {
  title: 'Wall of cameras',
  tree: {
    title: 'Cameras by center', search: 'Camera, place, number', found: '{count}', nothing: 'No camera found', failed: 'Could not be read: {why}', reading: 'Reading the cameras …', how: 'Double click or Enter puts it up; or drag it to a cell',
    shared: 'Shared with my center', put: 'Put up', putOne: 'Put up {name}', up: 'on the wall', all: 'Put up all', allOf: 'Put up all cameras of {name}', away: '{count} away', fold: 'List of cameras',
  },
  facts: { unknown: 'Not checked', ok: 'In order', away: 'Away', refused: 'Sign-in refused', silent: 'No picture', unplayable: 'Not playable' },
  grid: { label: 'Cells', of: '{count} cells', hint: '{count} cells (key {key})' },
  cell: { label: 'Cell {at}: {what}', empty: 'empty', drop: 'Drag a camera here', enlarge: 'Enlarge', down: 'Take down', downOf: 'Take {name} down', picture: 'Picture', taking: 'Taking …', open: 'Open', turn: 'Turn', tour: 'Tour', tourOf: 'Tour in the cell of {name}', left: '{count} s', held: 'paused', hold: 'Pause the tours of cells (space)', goOn: 'Let the tours of cells go on (space)', turnOf: 'Turn {name}', openOf: 'Open the page of {name}', undo: 'Undo', gone: '{name} was taken down' },
  own: { title: 'This cell tours', how: 'Double click cameras of the list (on a phone: Put up), or drag them here: they stand one after the other.', dwell: 'Each stands', leave: 'Out', leaveOf: 'Take {name} out of this cell', close: 'Done' },
  big: { back: 'Back Esc', label: '{name}, enlarged' },
  tour: { start: 'Tour', dwell: 'Each grid stands', seconds: '{count} s', off: 'No tour', pause: 'Pause', go: 'Go on', next: 'Next', before: 'Back', standing: 'Grid {page}/{pages}', left: 'next in {count} s', paused: 'paused', few: 'All stand in one grid already' },
  keys: { full: 'Full screen', leaveFull: 'Leave full screen', clear: 'Clear', help: 'Keys', cleared: 'The wall was cleared' },
  help: { title: 'Keys of the wall', rows: { grid: '1, 4, 9, 16, 25 cells', arrows: 'Choose a cell', enter: 'Enlarge', tour: 'Let the chosen cell tour through several cameras', esc: 'Back', space: 'Tour: pause, go on', next: 'Tour: next grid', snapshot: 'Picture of the chosen camera', turn: 'Turn the chosen camera; again puts the pad away', listen: 'Hear the chosen camera, or no more', remove: 'Take it down', full: 'Full screen', search: 'Find a camera' }, shown: { grid: '1 4 9 6 5', arrows: '← ↑ ↓ →', enter: 'Enter', tour: 'T', esc: 'Esc', space: 'Space', next: 'N', snapshot: 'S', turn: 'P', listen: 'M', remove: 'Delete', full: 'F', search: '/' } },
  empty: {
    title: 'No camera on the wall yet', how: 'Double click a camera of the list (on a phone: Put up), or drag it to a cell; Enter does it, too.', first: 'Put up the first {count}', kept: 'Open a kept wall', none: 'There are no cameras in your area yet', noneHow: 'System administrators enter or import them; they appear at the left then.',
  },
  walls: {
    key: 'Kept walls', none: 'No wall is kept yet', reading: 'Reading …', failed: 'Could not be read: {why}', own: 'Mine', center: 'My center’s', pictures: '{count} cells', tours: 'tours {count}, {seconds} s a grid', cameras: '{count} cameras', name: 'Name of the wall', scope: 'Whose', save: 'Keep', replace: 'Replace', changed: 'changed', remove: 'Remove', removeOne: 'Remove {name}', sure: 'Remove the wall “{name}”?', consequence: 'Its name and order are forgotten; the cameras stay', ownConsequence: 'Nobody of your center can open it any more', keep: 'Keep it', saved: '“{name}” is kept', gone: 'This wall is no more', unnamed: 'not kept',
  },
  line: { away: 'The line to the hub broke; it comes back by itself', refused: 'Cameras cannot be watched: {why}. It is tried again', taken: 'You watch cameras on another page; this one rests', here: 'Watch here', rests: 'Nobody saw this page for long: it takes no pictures' },
  pictured: { saved: 'Picture of {name} made', digest: 'digest {digest}', failed: 'No picture of {name}: {why}', all: 'See the pictures', title: 'Pictures of {name}', none: 'No pictures yet', failedRead: 'Could not be read: {why}' },
  one: {
    back: 'Wall', gone: 'There is no such camera, or you may not see it', reading: 'Reading …', failed: 'Could not be read: {why}', facts: 'Facts', center: 'Center', place: 'Place', code: 'Number', kind: 'Kind', tags: 'Tags', state: 'State', since: 'since {time}', checked: 'checked {time}', streams: 'Streams', main: 'Main', sub: 'Sub', fps: '{count} fps', mbps: '{count} Mbit/s', sound: 'Sound', hasSound: 'yes',
    kinds: { fixed: 'Fixed', ptz: 'Pan, tilt, zoom', dome: 'Dome', panorama: 'Panorama', mobile: 'Mobile', other: 'Other' },
    watching: 'Watching now', hears: 'hears it', heard: 'heard {time}', nobody: 'Only you', me: '(me)', lately: 'Watched lately', latelyNone: 'Nobody else lately', latelyHint: 'as far as you may read it', more: 'Earlier', pictures: 'Pictures', picturesNone: 'No pictures yet. The hub takes them from the camera itself and keeps them by their digest.', take: 'Picture', record: 'Record', wall: 'Put on the wall', call: 'Look at {center}',
  },
} satisfies Translated<typeof zh>
