/** How many cameras a center has, for pages whose first load it must not be in. */
import { defineAsyncComponent } from 'vue'

export const CameraCount = defineAsyncComponent(() => import('./CameraCount.vue'))
