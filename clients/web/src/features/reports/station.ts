/** The two keys that report, in a meeting and outside of one. */
import type { StationPart } from '../contract'
import { shown } from '../shown'
import ReportKeys from './ReportKeys.vue'

export default {
  station: (desk) => ({
    panes: [{ where: 'keys', place: 10, pane: shown(ReportKeys, () => ({ actions: desk.actions, meeting: desk.meeting.value })) }],
  }),
} satisfies StationPart
