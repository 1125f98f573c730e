/** English, what only the pages of a meeting show. */
import { type Tree, wordsOf } from '@/features/words'

export const callEn = wordsOf(import.meta.glob<Tree>('../../features/*/call.en.ts', { eager: true, import: 'default' }))
