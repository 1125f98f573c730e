/** Words of errands that stand in the frame; what their page shows is fetched with it; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default { room: 'Errands' } satisfies Translated<typeof zh>
