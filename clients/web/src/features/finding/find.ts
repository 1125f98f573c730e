/** What was written, for the search of the frame; fetched when somebody searches. */
import type { Api } from '@/protocol/api'
import { find } from '@/protocol/searchApi'
import type { FoundSort } from '@/protocol/types'
import type { Shell } from '@/state/shell'

import type { Found } from '../rooms.contract'
import en from './page.en'
import zh from './page.zh'
import { addressOf, isEnough } from './wanted'

/** All but what the frame and other features find by themselves: meetings always, orders where somebody has their room. */
const DOCUMENTS: readonly FoundSort[] = ['incident', 'patrol', 'report', 'decision', 'answer', 'note', 'mark', 'banner', 'task', 'booking', 'duty', 'said']
const SHOWN = 7

/** `orders`: they are found here, too. `all`: the words of the way to all that is found. */
export async function foundDocuments(api: Pick<Api, 'call'>, shell: Pick<Shell, 'go'>, text: string, given: { readonly orders: boolean; readonly locale: string; readonly all: string }): Promise<Found[]> {
  const q = text.trim()
  if (!isEnough(q)) return []
  const { sorts } = given.locale === 'en' ? en : zh
  const sort = [...DOCUMENTS, ...(given.orders ? (['order'] as const) : [])].join(',')
  const { groups } = await find(api, { q, sort, limit: SHOWN })
  const hits = groups.flatMap(({ meeting, hits: some }) =>
    some.map((hit): Found => {
      const to = addressOf(hit, meeting)
      return {
        // the same id as the room of such documents gives it: it stands once
        id: hit.sort === 'incident' || hit.sort === 'order' ? `${hit.sort} ${hit.subject}` : `found ${String(hit.seq)}`,
        kind: sorts[hit.sort],
        text: hit.text,
        more: [hit.who, meeting?.title ?? ''].filter((one) => one !== '').join(' · '),
        press: () => {
          if (to !== undefined) shell.go(to)
        },
      }
    }),
  )
  const everything: Found = {
    id: 'found all',
    kind: given.locale === 'en' ? en.title : zh.title,
    text: `“${q}”`,
    more: given.all,
    press: () => {
      shell.go({ name: 'finding', query: { q } })
    },
  }
  return [...hits, everything]
}
