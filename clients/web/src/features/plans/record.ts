/** How a started plan is told: that it began, and what came of each step. */
import type { RecordPart } from '../contract'

const SHEET = 'M-4 -6h5l3 3v9h-8zM-2 1l1.5 1.5L3 -1.5'
const REASONS: readonly string[] = ['nobody', 'meeting_ended', 'forbidden']

/** Message key of why a step was refused, and its words. */
export function reasonOf(code: string | null): { key: string; words: Record<string, string> } {
  return REASONS.includes(code ?? '') ? { key: `plans.reason.${code ?? ''}`, words: {} } : { key: 'plans.reason.other', words: { code: code ?? '' } }
}

export default {
  lane: { name: 'plans', place: 12, says: 'plans.lane' },
  entries: {
    'plan.saved': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
    'plan.removed': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
    'plan.started': {
      sentence: ({ data }) => ({ key: data.drill ? 'plans.sentence.startedDrill' : 'plans.sentence.started', words: { by: data.by.name, name: data.name, count: data.steps.length }, quote: data.event }),
      shape: { d: SHEET, tone: 'going', solid: false },
      subject: ({ data }) => data.plan,
    },
    'plan.stepped': {
      sentence: ({ data }) => ({ key: `plans.sentence.${data.state === 'done' ? 'done' : 'refused'}.${data.what}`, words: {}, quote: data.text }),
      shape: ({ data }) => ({ d: SHEET, tone: data.state === 'done' ? 'good' : 'late', solid: data.state === 'done' }),
      subject: ({ data }) => data.plan,
      quiet: true,
    },
  },
} satisfies RecordPart
