/** Words of calling centers that a station shows: declining, signing in, answering by itself; English. More stands in `desk.en.ts`. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  reason: { handling: 'dealing with it', unattended: 'nobody on duty', later: 'later', unable: 'cannot come', other: 'other' },
  signIn: { title: 'Signing in', ask: 'Who is present?', name: 'Name', duty: 'Duty', key: 'Sign in', signed: 'Signed in', change: 'Change' },
  command: { 'meeting.decline': 'declining', 'meeting.sign_in': 'signing in', 'answering.change': 'setting how calls are answered' },
} satisfies Translated<typeof zh>
