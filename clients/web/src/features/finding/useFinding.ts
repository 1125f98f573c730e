/** Asks the hub for what the address wants, page after page; an older answer that comes late is let go. */
import { computed, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import type { Api } from '@/protocol/api'
import { find, findSpoken } from '@/protocol/searchApi'
import type { FoundGroup, SpokenGroup } from '@/protocol/types'

import { askOf, spokenAskOf, type Wanted } from './wanted'

export function useFinding(api: Pick<Api, 'call'>, wanted: Readonly<Ref<Wanted>>) {
  const groups = shallowRef<readonly FoundGroup[]>([])
  const spoken = shallowRef<readonly SpokenGroup[]>([])
  const next = ref<string | null>(null)
  const total = ref(0)
  const more = ref(false)
  const busy = ref(false)
  /** Message key. */
  const problem = ref('')
  /** ms since 1970: as of when what is shown is known. */
  const readAt = ref<number>()
  let turn = 0

  const ask = computed(() => (wanted.value.spoken ? spokenAskOf(wanted.value) : askOf(wanted.value)))
  const idle = computed(() => (typeof ask.value === 'string' ? ask.value : undefined))

  async function read(further: boolean): Promise<void> {
    turn += 1
    const mine = turn
    problem.value = ''
    const query = ask.value
    if (typeof query === 'string') {
      groups.value = spoken.value = []
      next.value = null
      busy.value = false
      readAt.value = undefined
      return
    }
    busy.value = true
    try {
      const at = further ? next.value : null
      if ('center' in query && wanted.value.spoken) {
        const page = await findSpoken(api, { ...query, center: wanted.value.center, ...(at !== null && { before: at }) } as Parameters<typeof findSpoken>[1])
        if (mine !== turn) return
        spoken.value = further ? [...spoken.value, ...page.groups] : page.groups
        next.value = page.next
      } else {
        const page = await find(api, { ...query, ...(at !== null && { before: at }) } as Parameters<typeof find>[1])
        if (mine !== turn) return
        groups.value = further ? joined(groups.value, page.groups) : page.groups
        next.value = page.next
        if (!further) {
          total.value = page.total ?? 0
          more.value = page.more ?? false
        }
      }
      readAt.value = Date.now()
    } catch (error) {
      if (mine === turn) problem.value = explanation(error)
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  watch(ask, () => void read(false), { immediate: true })

  return { groups, spoken, next, total, more, busy, problem, readAt, idle, again: () => read(false), readMore: () => read(true) }
}

/** A meeting that is shown already takes what a further page found in it. */
function joined(shown: readonly FoundGroup[], further: readonly FoundGroup[]): FoundGroup[] {
  const all = [...shown]
  for (const group of further) {
    const at = group.meeting === null ? -1 : all.findIndex((one) => one.meeting?.id === group.meeting?.id)
    const there = all[at]
    if (there === undefined) all.push(group)
    else all[at] = { ...there, hits: [...there.hits, ...group.hits] }
  }
  return all
}
