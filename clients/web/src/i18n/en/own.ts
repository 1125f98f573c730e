/** English, what is said of one's own account, its role, and help. */
import type { Translated } from '@/features/words'

import type { ownZhCN } from '../zh-CN/own'
import account from './account'

export const ownEn: Translated<typeof ownZhCN> = { account }
