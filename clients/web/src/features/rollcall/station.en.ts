/** Words of the roll call at the station; they come with it. English. */
import type zh from './station.zh'

export default {
  called: 'Roll call: it is your turn, please speak', next: 'You are next, get ready', waiting: 'A roll call goes on; it is not your turn yet', paused: 'The roll call rests',
  missed: 'You were called and did not answer; you may answer now', answered: 'Answered: {what}', normal: 'all normal', abnormal: 'something is the matter', heard: 'The chair marked you as having answered', skipped: 'You were skipped', over: 'The roll call is over',
  left: '{time} left', say: 'What is the matter', send: 'Report', cancel: 'Cancel', needs: 'Write what is the matter first', soft: 'In a roll call only the chair and who is called are heard',
} satisfies Record<keyof typeof zh, string>
