/** Grids in the record of a meeting: they stand outside of meetings, and have a history of their own. */
import type { RecordPart } from '../contract'

const untold = { untold: 'outside of meetings: the history of its grid tells it' }

export default {
  entries: {
    'grid.made': untold,
    'grid.changed': untold,
    'grid.assigned': untold,
    'grid.handed': untold,
    'grid.split': untold,
    'grid.joined': untold,
    'grid.removed': untold,
  },
} satisfies RecordPart
