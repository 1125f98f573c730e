/** What the entries of grids are called in the audit, which alone shows them; English. */
import type { Translated } from '../words'
import type zh from './house.zh'

export default {
  entry: { 'grid.made': 'grids made', 'grid.changed': 'grid changed', 'grid.assigned': 'grid assigned', 'grid.handed': 'grids handed over', 'grid.split': 'grid split', 'grid.joined': 'grids joined', 'grid.removed': 'grids removed' },
} satisfies Translated<typeof zh>
