/** The few words about one's own account that stand on every page. */
import type { PageWords } from '../zh-CN'

export default {
  title: 'My account',
  last: 'Last sign-in',
  lastAt: '{time}, from {address}',
  never: 'No earlier sign-in',
  somewhere: 'an unknown address',
  notYou: 'If that was not you, change the password under “My account”.',
  menu: 'Help',
} satisfies PageWords['account']
