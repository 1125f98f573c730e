/** How many have come to a meeting of a list, in the words that all pages use. */
import { useI18n } from 'vue-i18n'

import type { Summary } from '@/protocol/types'

import { sumOf } from './attendance'

/** `到会中心 4/5 · 8 人`: the chair's own center apart. */
export function useSum(): (meeting: Pick<Summary, 'attendance'>) => string {
  const { t } = useI18n()
  return (meeting) => {
    const sum = sumOf(meeting.attendance)
    return sum === undefined ? '' : t(sum.says, sum.words)
  }
}
