/** Words of plans that a meeting's own pages say; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  lane: 'Plan',
  sentence: {
    started: '{by} started the plan “{name}”, {count} steps',
    startedDrill: '{by} started the plan “{name}” as a drill, {count} steps',
    done: { backup: 'Backup chair named by the plan', co_chair: 'Co-chair named by the plan', banner: 'Banner shown by the plan', order: 'Order issued by the plan', task: 'Routine task given by the plan' },
    refused: { backup: 'The plan could not name the backup chair', co_chair: 'The plan could not name a co-chair', banner: 'The plan could not show the banner', order: 'The plan could not issue an order', task: 'The plan could not give a routine task' },
  },
  what: { backup: 'backup chair named', co_chair: 'co-chair named', banner: 'banner shown', order: 'order issued', task: 'routine task given' },
  state: { waiting: 'to be done', done: 'done', refused: 'could not be done' },
  reason: { nobody: 'nobody is left whom it concerns', meeting_ended: 'the meeting has ended', forbidden: 'who started it may not do this any more', other: 'refused: {code}' },
  strip: { title: 'Plan {name}', done: '{done}/{count} steps done', going: 'going on…', refused: '{count} could not be done', open: 'Progress', hide: 'Hide' },
  sheet: { title: 'Progress of the plan “{name}”', close: 'Close', to: 'For', all: 'all that are called' },
  entry: { 'plan.saved': 'Plan saved', 'plan.removed': 'Plan deleted', 'plan.started': 'Plan started', 'plan.stepped': 'Step of a plan' },
} satisfies Translated<typeof zh>
