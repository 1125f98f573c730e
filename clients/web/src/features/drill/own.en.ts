/** Words of the guided drills; English. */
import type { Translated } from '../words'
import type zh from './own.zh'

export default {
  title: 'Guided exercise',
  offer: {
    leader: 'First time here? Walk through it once: convene, hear a report, give an order, decide, review. Some five minutes.',
    village: 'First time here? Walk through it once: answer, report, sign, complete. The demo station leaves this village to you.',
  },
  start: 'Start the exercise',
  decline: 'No, thanks',
  stop: 'End the exercise',
  again: 'Once more',
  all: 'All steps',
  done: 'done',
  finished: {
    leader: 'Exercise done: you have led a meeting from convening it to its record.',
    village: 'Exercise done: you have answered, reported, signed and completed.',
  },
  aside: {
    leader: 'To play the village yourself, sign in as tandu-cun in a private window (its password was printed in the terminal and stands in demo-accounts.json in the data folder); the demo station makes room.',
    village: 'Somebody has to convene you: sign in as yueyang in another window and convene 坦渡村.',
  },
  leader: {
    convene: { what: 'Convene', how: 'Press Convene; tick other centers at the left if you like.' },
    arrive: { what: 'Arrivals', how: 'The demo stations are answering: watch the number of arrivals at the top.' },
    broadcast: { what: 'Broadcast', how: 'Select the picture of 坦渡村 and press Broadcast, so that everybody sees it.' },
    hear: { what: 'Report', how: 'Each station reports that all is normal; see Reports at the right.' },
    order: { what: 'Order', how: 'Write a sentence under Orders at the right, and issue it.' },
    signed: { what: 'Signatures', how: 'Wait for the first signature: the card says who has signed and who has not.' },
    decide: { what: 'Decision', how: 'Record a decision under Decisions at the right.' },
    end: { what: 'End', how: 'Press End and confirm; recording and record are kept.' },
    review: { what: 'Review', how: 'This is the record of the meeting: click any entry to watch from its second.' },
  },
  village: {
    answer: { what: 'Answer', how: 'Wait until the console convenes you, then press Answer.' },
    report: { what: 'Report', how: 'Press All normal; the console sees it at once.' },
    sign: { what: 'Sign', how: 'Press Sign when an order arrives.' },
    complete: { what: 'Complete', how: 'When it is done press Complete, and say how it went.' },
  },
} satisfies Translated<typeof zh>
