/** Words of the own sound, at the station and on desks; they come with it. English. */
import type zh from './station.zh'

export default {
  listened: '{who} listens in to you', forced: '{who} broke into this word apart', apart: 'A word with {who} apart: nobody else hears it', listens: 'You listen in to {who} and do not hear the meeting', speakerOff: 'The chair turned your loudspeaker off: you do not hear the meeting', others: 'Apart for a word, not heard now: {who}',
  back: 'Back to the meeting', leave: 'Go out again', stop: 'Stop listening',
  hold: 'Hold to talk', asking: 'One moment…', talking: 'Please speak; let go to end', busy: '{who} talks; hold on to wait', interrupted: 'A higher level talks: let go and press again', refused: 'You cannot talk now', muted: 'The chair muted you: you cannot talk', free: 'Push to talk: nobody talks', now: '{who} talks', left: '{time} left',
  unmute: 'Unmute myself', noUnmute: 'One may not unmute oneself here: ask for the floor', ask: 'Ask to speak', mutedByChair: 'The chair muted you',
} satisfies Record<keyof typeof zh, string>
