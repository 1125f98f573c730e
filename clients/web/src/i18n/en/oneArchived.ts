/** English, what only the page of one meeting in the archive shows. */
import { type Tree, wordsOf } from '@/features/words'

export const oneArchivedEn = wordsOf(import.meta.glob<Tree>('../../features/*/archive.en.ts', { eager: true, import: 'default' }))
