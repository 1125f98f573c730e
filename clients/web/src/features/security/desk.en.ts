/** Words of security that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  lock: { title: 'This desk is locked', password: 'Password', open: 'Unlock', wrong: 'The password is wrong', silent: 'the meeting is not heard' },
} satisfies Translated<typeof zh>
