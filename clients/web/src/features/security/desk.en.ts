/** Words of security that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  lock: { title: 'This desk is locked', password: 'Password', open: 'Unlock', wrong: 'The password is wrong', silent: 'the meeting is not heard' },
  command: {
    'policy.change': 'change of policies',
    'session.end': 'end of a sign-in',
    'account.unlock': 'end of a wait to sign in',
    'second_factor.reset': 'reset of a second factor',
    'right.propose': 'proposal of a right',
    'right.propose_password': 'request for a one-time password',
    'right.approve': 'approval of a right',
    'right.reject': 'refusal of a right',
  },
} satisfies Translated<typeof zh>
