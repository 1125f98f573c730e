/** English, what only the pages of a meeting show. */
import { type Tree, wordsOf } from '@/features/words'

import type { CallPageWords } from '../zh-CN/call'
import console from './meetingDesk'
import archive from './review'

const features = wordsOf(import.meta.glob<Tree>('../../features/*/call.en.ts', { eager: true, import: 'default' }))
const pages: CallPageWords = { archive, console }

export const callEn = { ...features, ...pages }
