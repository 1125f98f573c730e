/** Chinese, what only the page of one meeting in the archive shows: fetched with it. */
import { type Tree, wordsOf } from '@/features/words'

export const oneArchivedZhCN = wordsOf(import.meta.glob<Tree>('../../features/*/archive.zh.ts', { eager: true, import: 'default' }))
