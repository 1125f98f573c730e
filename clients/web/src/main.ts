/** Where the pages start: the one place that puts session, router, words and theme together. */
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/theme/tokens.css'
import '@/theme/base.css'
import '@/theme/element.css'

import { createApp } from 'vue'

import App from '@/App.vue'
import { makeI18n, speakAlso, speakIn, storedLocale } from '@/i18n'
import { Api, type Fetch } from '@/protocol/api'
import { browserParts } from '@/protocol/mediaLink'
import { SecurityApi } from '@/protocol/securityApi'
import { makeRouter } from '@/router'
import { makeSession, sessionKey } from '@/state/session'
import { sessionEnds } from '@/state/sessionEnd'

// whatever is refused for want of a session ends it, on every page: calls, publishing and watching
const watched: Fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (response.status === 401) sessionEnds('unknown')
  return response
}
browserParts.fetch = watched
const session = makeSession(new Api(watched))
const i18n = makeI18n()
let setUp = false
const router = makeRouter({
  whoami: async () => (await session.resume())?.role,
  unset: async () => {
    // a hub that was set up stays so: it is asked once, until it says so
    if (!setUp) setUp = !(await new SecurityApi(session.api).firstStart().catch(() => ({ needed: false }))).needed
    return !setUp
  },
  words: (...what) => speakAlso(i18n.global as never, ...what),
})

// a page without its English words is still a page
await speakIn(i18n.global, storedLocale()).catch(() => undefined)

createApp(App).provide(sessionKey, session).use(i18n).use(router).mount('#app')
