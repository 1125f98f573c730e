/** Chinese: the language the pages are written in. One file a page, and one of each feature: what a station shows, and everybody's first page. */
import { type Translated, type Tree, wordsOf } from '@/features/words'

import type { CallMessages } from './call'
import common from './common'
import type { DeskMessages } from './desk'
import type { ownZhCN } from './own'
import account from './self'
import signin from './signin'
import station from './station'

const pages = { account, common, signin, station }
const features = wordsOf(import.meta.glob<Tree>('../../features/*/words.zh.ts', { eager: true, import: 'default' }))

export const zhCN = { ...features, ...pages }

export type PageWords = Translated<typeof pages>
/** Words that stand on every page, and those fetched when somebody wants to know more of his account. */
export type OwnWords = Translated<typeof ownZhCN>
export type Messages = PageWords & typeof features & CallMessages & OwnWords & DeskMessages
