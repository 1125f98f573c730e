/** Where the pages start: the one place that puts session, router, words and theme together. */
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/theme/tokens.css'
import '@/theme/base.css'
import '@/theme/element.css'

import { createApp } from 'vue'

import App from '@/App.vue'
import { makeI18n } from '@/i18n'
import { makeRouter } from '@/router'
import { makeSession, sessionKey } from '@/state/session'

const session = makeSession()
const router = makeRouter(async () => (await session.resume())?.role)

createApp(App).provide(sessionKey, session).use(makeI18n()).use(router).mount('#app')
