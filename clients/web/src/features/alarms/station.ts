/** The way of what the station itself reported: fetched after the page, which it does not keep waiting. */
import { defineAsyncComponent } from 'vue'

import type { StationPart } from '../contract'

/** So long (ms) after the page it is fetched: on a weak line the page comes first. */
const LATER_MS = 6_000

const OwnReports = defineAsyncComponent(async () => {
  await new Promise((soon) => setTimeout(soon, LATER_MS))
  return import('./OwnReports.vue')
})

export default {
  station: ({ account, live, actions }) => ({
    panes: [{ where: 'below', place: 5, pane: { component: OwnReports, given: () => ({ live, actions, center: account.center.code }) } }],
  }),
} satisfies StationPart
