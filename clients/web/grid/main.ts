/** Where the page of grid members starts. */
import '@/theme/tokens.css'
import '@/theme/base.css'
import '@/features/grid/page.css'

import { createApp } from 'vue'

import GridPage from '@/features/grid/GridPage.vue'
import { keepShell } from '@/features/grid/keptShell'

createApp(GridPage).mount('#app')
void keepShell()
