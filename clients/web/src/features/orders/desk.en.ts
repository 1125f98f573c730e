/** Words of orders that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  sheet: { title: 'Issue an order', written: 'The order was not issued; what is written will be lost.', drop: 'Drop it' },
} satisfies Translated<typeof zh>
