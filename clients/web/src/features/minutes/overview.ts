/** Minutes on 总览: what waits for this person's approval, and what was returned to him. */
import type { OverviewPart } from '../rooms.contract'
import { shown } from '../shown'
import { approves, belowOf, cameBack, waitingOf } from './waiting'
import WaitingCard from './WaitingCard.vue'

export default {
  overview: (shell) => {
    const below = belowOf(shell)
    const all = waitingOf(shell)
    const to = () => all.value.filter((one) => approves(one, shell.account, below))
    const back = () => all.value.filter((one) => cameBack(one, shell.account))
    return { cards: [{ column: 'waits', place: 45, card: shown(WaitingCard, () => (to().length + back().length > 0 ? { approve: to(), returned: back() } : undefined)) }] }
  },
} satisfies OverviewPart
