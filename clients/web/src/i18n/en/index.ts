/** English: the same keys, checked by the compiler. */
import type { Messages } from '../zh-CN'
import account from './account'
import archive from './archive'
import common from './common'
import console from './console'
import drill from './drill'
import signin from './signin'
import station from './station'

export const en: Messages = { account, common, signin, console, station, archive, drill }
