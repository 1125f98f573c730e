/** The two keys that report, in a meeting and outside of one. */
import type { StationPart } from '../contract'
import { shown } from '../shown'
import ReportKeys from './ReportKeys.vue'

export default {
  station: (desk) => ({
    panes: [{ where: 'keys', place: 10, pane: shown(ReportKeys, () => ({ actions: desk.actions, account: desk.account.id, meeting: desk.meeting.value, offline: desk.live.connection.value !== 'online' })) }],
  }),
} satisfies StationPart
