/** English: the same keys, checked by the compiler for each file. */
import { type Tree, wordsOf } from '@/features/words'

import type { Messages, PageWords } from '../zh-CN'
import account from './account'
import archive from './archive'
import common from './common'
import console from './console'
import signin from './signin'
import station from './station'

const pages: PageWords = { account, common, signin, console, station, archive }
const features = wordsOf(import.meta.glob<Tree>('../../features/*/words.en.ts', { eager: true, import: 'default' }))

export const en = { ...features, ...pages } as Messages
