/** Patrols in 总览: how many rounds of today were missed, once there are any. Fetched with the page. */
import { computed } from 'vue'

import { readRounds } from '@/protocol/patrolApi'
import { useSession } from '@/state/session'

import type { OverviewPart } from '../rooms.contract'

import { useTold } from './useTold'

export default {
  overview(shell) {
    if (shell.role !== 'leader' && shell.role !== 'dispatcher') return undefined
    const { api } = useSession()
    const told = useTold(shell.live, () => readRounds(api, { state: 'open', limit: 1 }))
    const missed = computed(() => told.value.value?.figures.missed ?? 0)
    return { figures: () => (missed.value === 0 ? [] : [{ id: 'patrol-missed', place: 60, says: 'patrol.missed', value: missed.value, tone: 'late' as const, to: { name: 'patrol-ledger', query: { state: 'missed' } } }]) }
  },
} satisfies OverviewPart
