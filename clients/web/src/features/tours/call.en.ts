/** Words of tours that only desks show; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  key: 'Tour…',
  does: { open: 'Tour: set up, or its list', next: 'Tour: next', back: 'Tour: previous', pause: 'Tour: pause or go on' },
  kind: { own: 'Tour · for me alone', broadcast: 'Tour · all are watching', mosaic: 'Tour · several pictures' },
  sheet: {
    title: 'Tour', show: 'Shown to', own: 'Me alone', broadcast: 'All (broadcast)', mosaic: 'All (several pictures)', who: 'Which centers or cameras', seconds: 'Each for', count: '{count} s', grid: 'Pictures', cells: '{count} pictures',
    order: 'Order', tree: 'By the tree', listed: 'As listed', hand: 'My own', handHelp: 'Drag, or move the focused one by Alt+↑ Alt+↓', up: '{name} up', down: '{name} down', out: 'Leave {name} out', many: 'More than {count}: choose the order of the tree',
    present: 'Only who is here now', presentHelp: 'Otherwise who comes later is shown, too; who is not here is passed over', start: 'Begin the tour', close: 'Close', taken: 'A tour for all goes on; stop it first', mine: 'Your tour goes on; stop it first',
  },
  strip: {
    now: 'Now {who}', stood: 'Stopped at {who}', many: 'Now {count} centers', nobody: 'Nobody is here; waiting', next: 'Next {who}', nextMany: 'Next {who} and others', alone: 'Nobody else is here; waiting', left: 'changes in {time}', place: '{place} of {total}', passed: '{count} passed over', by: 'by {name}',
    paused: { chair: 'Paused', taken_over: 'Paused: the stage was changed by hand', voice: 'Paused: who spoke took the stage', locked: 'Paused: the stage is locked', meeting: 'Paused with the meeting' }, rests: '{time} more when it goes on',
  },
  keys: { back: 'Previous', pause: 'Pause', resume: 'Go on', next: 'Next', stay: '30 s longer', list: 'List', stop: 'Stop', go: 'Show' },
  list: { title: 'List of the tour', seconds: 'Each for', count: '{count} s', shown: 'shown now', here: 'here', passed: 'not here, passed over', absent: 'not here', none: 'The list is empty', close: 'Close' },
  spoken: { step: 'Now {who}', paused: 'The tour is paused' },
  lane: 'Tour',
  sentence: {
    started: { own: '{by} began a tour (own view) of {count} centers, {seconds} s each', broadcast: '{by} began a tour for all of {count} centers, {seconds} s each', mosaic: '{by} began a tour in several pictures of {count} centers, {seconds} s each' },
    stepped: 'Tour: {who}', steppedMany: 'Tour: {who} and others, {count} in all', nobody: 'Tour: nobody is here', stayed: '{by} stays longer',
    paused: { chair: '{by} paused the tour', taken_over: 'The stage was changed by hand, the tour is paused', voice: 'Who spoke took the stage, the tour is paused', locked: 'The stage is locked, the tour is paused', meeting: 'The meeting is paused, and the tour with it' },
    resumed: '{by} went on with the tour', resumedWith: 'The meeting goes on, and the tour with it', paced: '{by} has the tour stay {seconds} s with each', stopped: 'The tour is over: of {total} centers {seen} were seen in {steps} steps', left: 'Who led the tour left: {seen} of {total} centers seen in {steps} steps', handed_over: 'Who led the tour controls the meeting no more: {seen} of {total} centers seen in {steps} steps', ended: 'The meeting ended with the tour: {seen} of {total} centers seen in {steps} steps',
  },
  minutes: {
    title: 'Tours', none: 'No tour in this meeting', failed: 'The record of tours could not be read', again: 'Try again', reading: 'Reading …',
    one: { own: '{from} to {to}, {by}, tour (own view)', broadcast: '{from} to {to}, {by}, tour for all', mosaic: '{from} to {to}, {by}, tour in several pictures' }, still: 'since {from}, going on: {by}', sums: 'of {total} centers {seen} seen, {steps} steps, {seconds} s each',
  },
  command: {
    'tour.start': 'beginning a tour', 'tour.next': 'going on in the tour', 'tour.back': 'going back in the tour', 'tour.go': 'showing this center', 'tour.pause': 'pausing the tour', 'tour.resume': 'going on with the tour', 'tour.stay': 'staying longer', 'tour.pace': 'changing how long each is shown', 'tour.stop': 'stopping the tour',
  },
  entry: { 'tour.started': 'Tour began', 'tour.stepped': 'Tour step', 'tour.stayed': 'Stayed longer', 'tour.paced': 'Interval of the tour', 'tour.paused': 'Tour paused', 'tour.resumed': 'Tour went on', 'tour.stopped': 'Tour over' },
} satisfies Translated<typeof zh>
