/** Reports on the console: the tab, and the mark at it while trouble was not looked at. */
import { computed, ref, watch } from 'vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import ReportPanel from './ReportPanel.vue'

export default {
  desk(desk) {
    const reports = computed(() => desk.meeting.value?.reports)
    /** So many were there when the tab was last looked at; what was there on coming is not news. */
    const seen = ref<number>()
    const spoken = ref('')
    const unread = computed(
      () => (reports.value ?? []).slice(seen.value ?? 0).filter((report) => report.situation === 'abnormal').length,
    )
    watch(
      [() => reports.value?.length, desk.tab],
      ([count, tab], before) => {
        if (count === undefined) return
        const newest = reports.value?.at(-1)
        if (newest !== undefined && before[0] !== undefined && count > before[0]) {
          spoken.value = `${newest.name} ${desk.t(`reports.situation.${newest.situation}`)} ${newest.text}`
        }
        if (tab === 'reports' || seen.value === undefined) seen.value = count
      },
      { immediate: true },
    )
    return {
      tabs: [
        {
          name: 'reports',
          place: 20,
          says: 'reports.tab',
          keeps: true,
          panel: shown(ReportPanel, () => ({
            reports: reports.value ?? [],
          })),
          count: () => reports.value?.length ?? 0,
          calls: () => unread.value > 0,
        },
      ],
      waiting: () => unread.value,
      spoken: () => spoken.value,
    }
  },
} satisfies ConsolePart
