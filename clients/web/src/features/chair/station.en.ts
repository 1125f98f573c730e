/** Words about the chair at the station; they come with it. English. */
import type zh from './station.zh'

export default {
  chair: 'Chair: {who}', changed: '{who} has the chair now',
  paused: 'The meeting is paused', pausedText: 'Nobody is heard or seen now, and nothing is recorded; it goes on by itself', since: 'since {at}',
  door: 'The meeting is locked, please wait', doorText: 'You come in by yourself once the chair lets you in. Nobody hears or sees you yet', waits: 'for {time}',
  refused: 'The chair did not let you in', refusedText: 'You cannot come in this time; if it is urgent, call by telephone',
} satisfies Record<keyof typeof zh, string>
