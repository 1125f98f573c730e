/** How many grids a center has and who works in them, for pages whose first load it must not be in. */
import { defineAsyncComponent } from 'vue'

export const GridCount = defineAsyncComponent(() => import('./GridCount.vue'))
