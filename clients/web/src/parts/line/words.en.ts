/** Words of one's own line; they come with what shows them. English. */
import type zh from './words.zh'

type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

export default {
  line: {
    title: 'Line and pictures',
    way: { direct: 'Connected directly', relay: 'Connected over the relay: this network blocks UDP', unknown: 'Not connected yet' },
    take: { all: 'All pictures', stage: 'Sound and the stage', none: 'Sound only' },
    more: {
      all: 'Fewer by itself on a weak line, and back by itself',
      stage: 'Your camera is sent small',
      none: 'No pictures come, and none are sent',
    },
    now: { stage: 'sound and the stage only', none: 'sound only, no pictures either way' },
    byItself: 'The line is weak; changed by itself to: {what}. It comes back by itself',
    byHand: 'You have chosen: {what}',
    back: 'Bring all pictures back',
  },
} satisfies Same<typeof zh>
