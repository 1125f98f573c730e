/** Chinese, what only the pages of a meeting show: fetched with its desk, its record or its wall. */
import { type Translated, type Tree, wordsOf } from '@/features/words'

import console from './meetingDesk'
import archive from './review'

const features = wordsOf(import.meta.glob<Tree>('../../features/*/call.zh.ts', { eager: true, import: 'default' }))

export const callZhCN = { ...features, archive, console }

export type CallPageWords = Translated<{ readonly archive: typeof archive; readonly console: typeof console }>
export type CallMessages = CallPageWords & typeof features
