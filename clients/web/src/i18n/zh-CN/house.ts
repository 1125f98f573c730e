/** Chinese, what only administrators of the house show: fetched with their first page. */
import { type Tree, wordsOf } from '@/features/words'

export const houseZhCN = wordsOf(import.meta.glob<Tree>('../../features/*/house.zh.ts', { eager: true, import: 'default' }))
