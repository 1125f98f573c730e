/** What the entries of views are called in the audit, which alone shows them; English. */
import type { Translated } from '../words'
import type zh from './house.zh'

export default {
  entry: { 'view.saved': 'View kept', 'view.removed': 'View removed' },
} satisfies Translated<typeof zh>
