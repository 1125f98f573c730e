/** Templates that one may use, live; and the one that is asked about before its centers are called at once. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { type Caller, readTemplates } from '@/protocol/bookingsApi'
import type { Template } from '@/protocol/types'
import { membersOf } from '@/state/groups'
import type { Live } from '@/state/live'
import type { Shell } from '@/state/shell'

export interface TemplateList {
  /** Undefined before they were read. */
  readonly all: Readonly<Ref<readonly Template[] | undefined>>
  /** Why they could not be read, while that is so. */
  readonly failure: Readonly<Ref<unknown>>
}

export interface OneTouch extends TemplateList {
  /** Asked about, and not answered yet. */
  readonly asked: Ref<Template | undefined>
  /** Whom it calls now, one's own center left out. */
  called: (template: Template) => readonly string[]
}

const RETRY_MS = 3000

/** Lives as long as the calling scope. */
export function useTemplates(live: Pick<Live, 'socket' | 'greeted'>, api: Caller): TemplateList {
  const all = shallowRef<readonly Template[]>()
  const failure = shallowRef<unknown>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function load(): Promise<void> {
    clearTimeout(timer)
    const mine = (asked += 1)
    try {
      const found = await readTemplates(api)
      // a later question has the newer answer
      if (mine !== asked) return
      all.value = found
      failure.value = undefined
    } catch (error) {
      if (mine !== asked) return
      failure.value = error
      timer = setTimeout(() => void load(), RETRY_MS)
    }
  }
  const offs = [live.socket.on('hello', () => void load()), live.socket.on('changed', ({ what }) => { if (what === 'template') void load() })]
  // the greeting asks for them, too
  if (live.greeted.value) void load()
  onScopeDispose(() => {
    asked += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { all, failure }
}

const kept = new WeakMap<object, OneTouch>()

/** In the frame's scope. */
export function openTemplates(shell: Shell, api: Caller): OneTouch {
  const made: OneTouch = { ...useTemplates(shell.live, api), asked: shallowRef<Template>(), called: (template) => membersOf(template, shell.centers.value) }
  kept.set(shell.live, made)
  return made
}

/** The one that the frame has opened; undefined for who may not convene. */
export function templatesOf(shell: Pick<Shell, 'live'>): OneTouch | undefined {
  return kept.get(shell.live)
}
