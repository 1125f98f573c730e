/** Chinese, what only desks show: fetched with the frame of the rooms, so that a station's first load stays small. */
import { type Translated, type Tree, wordsOf } from '@/features/words'

import admin from './admin'
import archive from './archive'
import console from './console'
import overview from './overview'
import setup from './setup'
import shell from './shell'

const pages = { admin, archive, console, overview, setup, shell }
const features = wordsOf(import.meta.glob<Tree>('../../features/*/desk.zh.ts', { eager: true, import: 'default' }))

export const deskZhCN = { ...features, ...pages }

export type DeskPageWords = Translated<typeof pages>
export type DeskMessages = DeskPageWords & typeof features
