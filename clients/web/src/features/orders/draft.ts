/** An order as it is written, before it is one. */
import type { NamedObject, Priority } from '@/protocol/types'

import type { Centers } from '../contract'

/** More targets than this are asked about. */
export const MANY = 10

export interface Draft {
  text: string
  priority: Priority
  due: string | null
  targets: Centers
  attachments: NamedObject[]
}
