/** Chinese: the language the pages are written in. One file a page. */
import account from './account'
import archive from './archive'
import common from './common'
import console from './console'
import drill from './drill'
import signin from './signin'
import station from './station'

export const zhCN = { account, common, signin, console, station, archive, drill }

/** The same tree of keys with any words. */
type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
export type Messages = Words<typeof zhCN>
