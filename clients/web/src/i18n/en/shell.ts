/** Words of the frame around all rooms. */
import type { DeskPageWords } from '../zh-CN/desk'

export default {
  rooms: { label: 'Rooms', overview: 'Today', command: 'Command', archive: 'Archive', station: 'Station', admin: 'Admin', account: 'Account' },
  bar: {
    search: 'Find',
    searchHint: 'Find centers, meetings, actions (Ctrl K)',
    theme: { label: 'Ground', auto: 'As the room', light: 'Light', dark: 'Dark' },
  },
  pill: { go: 'Back to the meeting', running: 'In a meeting', over: 'The meeting has ended', picture: 'Picture of the meeting', hide: 'Fold the picture' },
  palette: {
    title: 'Find',
    placeholder: 'Centers (characters, pinyin, initials, codes), meetings, actions',
    none: 'Nothing found for “{text}”. Try initials of the pinyin, or the name above and a space: 临湘 坦渡',
    keys: '↑↓ choose · Enter open · Esc close',
    some: 'Some places cannot be searched just now',
    kind: { room: 'Room', center: 'Center', meeting: 'Meeting', action: 'Action' },
    action: { theme: 'Ground: {word}', help: 'Help', account: 'My account', signOut: 'Sign out' },
  },
  selection: {
    title: 'About: {name}',
    clear: 'Clear the selection',
    cameras: 'Cameras',
    camerasTitle: 'Look at the cameras of {name}; nobody is called',
    verb: { look: 'Look', call: 'Call', broadcast: 'Broadcast', order: 'Order', remove: 'Remove' },
    title_verb: {
      look: 'Look: on your own stage only',
      call: 'Call to the meeting',
      broadcast: 'Broadcast: everybody sees it',
      order: 'Issue an order',
      remove: 'Remove from the meeting',
    },
  },
  help: { keys: { search: 'Find centers, meetings, actions' } },
  nothing: 'There is nothing at this address',
} satisfies DeskPageWords['shell']
