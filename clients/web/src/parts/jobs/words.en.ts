/** Words of jobs: how one stands, what it is at, why it failed; English. */
import type zh from './words.zh'

type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> }

export default {
  state: { waiting: 'Waiting', running: 'Being made', done: 'Done', failed: 'Failed', cancelled: 'Cancelled', destroyed: 'Destroyed by decision', swept: 'Its time is over, taken away' },
  waitingWhy: 'It begins by itself after those before it, once the recording is closed; you may leave this page',
  goesOn: 'It goes on by itself; you may leave this page',
  percent: '{percent} %',
  left: { seconds: 'about {count} s left', minutes: 'about {count} min left', unknown: 'estimating the time' },
  again: 'attempt {count}',
  by: '{who} · {at}',
  hub: 'by itself',
  cancel: 'Cancel',
  cancelling: 'Cancelling',
  retry: 'Try again',
  stage: { reading: 'reading the record', sound: 'mixing the sound', pictures: 'making the pictures', joining: 'joining', writing: 'writing the file', packing: 'packing', sealing: 'waiting for the seal' },
  reason: {
    no_recording: 'This meeting was not recorded.',
    no_room: 'There is too little room on the disk. Have it cleared, then try again.',
    unreadable: 'A recorded file cannot be read; it may be damaged. Verify the recording.',
    missing: 'A recorded file is not on this machine any more.',
    too_long: 'It stood still and was stopped. You may try again.',
    died: 'It was interrupted again and again. Try again, or ask the administrator.',
    fault: 'A fault of the program. Try again, or ask the administrator.',
  },
} satisfies Translated<typeof zh>
