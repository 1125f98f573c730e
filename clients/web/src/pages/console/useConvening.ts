/** Calling a meeting: at once, unless another one has some of these centers; then it asks. */
import { computed, type Ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Actions } from '@/parts/actions'
import type { Account, Summary } from '@/protocol/types'

import { type Clash, clashes } from './convening'
import type { Convening } from './LobbyPanel.vue'
import type { CenterIndex } from '@/parts/centers/tree'

/** So many centers of a clash are named. */
const NAMED = 5

export interface ConveningSurroundings {
  readonly account: Account
  readonly actions: Actions
  readonly index: Readonly<Ref<CenterIndex>>
  readonly chosen: Readonly<Ref<ReadonlySet<string>>>
  /** The meetings that run. */
  readonly meetings: Readonly<Ref<readonly Summary[]>>
  enter: (meeting: string) => void
}

export function useConvening({ account, actions, index, chosen, meetings, enter }: ConveningSurroundings) {
  const { t } = useI18n()
  /** Asked to call centers that are called elsewhere, and not answered yet. */
  const asked = shallowRef<{ wanted: Convening; clashes: Clash[] }>()
  const clashWords = computed(() =>
    (asked.value?.clashes ?? []).map(({ meeting, centers }) => {
      const names = centers.slice(0, NAMED).map((code) => index.value.byCode.get(code)?.name ?? code)
      return t(centers.length > names.length ? 'console.lobby.clash.many' : 'console.lobby.clash.few', {
        names: names.join('、'),
        count: centers.length,
        title: meeting.title,
      })
    }),
  )

  async function call(wanted: Convening): Promise<void> {
    asked.value = undefined
    const codes = [...chosen.value]
    const everybody = codes.length === index.value.all.length - 1
    const whom = everybody ? { subtree: account.center.code } : { centers: codes }
    const answer = await actions.run('convene', 'meeting.open', { ...wanted, ...whom })
    const opened = answer?.entries.find((entry) => entry.kind === 'meeting.opened')
    if (opened?.meeting) enter(opened.meeting)
  }
  function convene(wanted: Convening): void {
    const found = clashes(meetings.value, chosen.value)
    if (found.length > 0) asked.value = { wanted, clashes: found }
    else void call(wanted)
  }
  return { asked, clashWords, convene, call }
}
