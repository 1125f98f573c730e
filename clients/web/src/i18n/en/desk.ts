/** English, what only desks show. */
import { type Tree, wordsOf } from '@/features/words'

import type { DeskMessages, DeskPageWords } from '../zh-CN/desk'
import admin from './admin'
import archive from './archive'
import console from './console'
import overview from './overview'
import setup from './setup'
import shell from './shell'

const pages: DeskPageWords = { admin, archive, console, overview, setup, shell }
const features = wordsOf(import.meta.glob<Tree>('../../features/*/desk.en.ts', { eager: true, import: 'default' }))

export const deskEn = { ...features, ...pages } as DeskMessages
