/** Chinese, what only the pages of a meeting show: fetched with its desk, its record or its wall. */
import { type Tree, wordsOf } from '@/features/words'

export const callZhCN = wordsOf(import.meta.glob<Tree>('../../features/*/call.zh.ts', { eager: true, import: 'default' }))
