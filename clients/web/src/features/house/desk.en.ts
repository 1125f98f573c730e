/** Words of the house: accounts and centers; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  command: {
    'account.create': 'new accounts',
    'account.change': 'change of an account',
    'account.disable': 'disabling of an account',
    'account.enable': 'enabling of an account',
    'account.sign_out': 'end of an account’s sessions',
    'account.delete': 'deletion of an account',
    'account.reset_password': 'taking of passwords',
    'center.create': 'new center',
    'center.change': 'change of a center',
    'center.remove': 'removal of a center',
    'center.import': 'import of centers',
  },
} satisfies Translated<typeof zh>
