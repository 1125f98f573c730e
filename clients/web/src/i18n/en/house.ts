/** English, what only administrators of the house show. */
import { type Tree, wordsOf } from '@/features/words'

export const houseEn = wordsOf(import.meta.glob<Tree>('../../features/*/house.en.ts', { eager: true, import: 'default' }))
