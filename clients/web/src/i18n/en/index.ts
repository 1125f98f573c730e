/** English: the same keys, checked by the compiler for each file. */
import { type Tree, wordsOf } from '@/features/words'

import type { Messages, PageWords } from '../zh-CN'
import common from './common'
import account from './self'
import signin from './signin'
import station from './station'

const pages: PageWords = { account, common, signin, station }
const features = wordsOf(import.meta.glob<Tree>('../../features/*/words.en.ts', { eager: true, import: 'default' }))

export const en = { ...features, ...pages } as unknown as Messages
