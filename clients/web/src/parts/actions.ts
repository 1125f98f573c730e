/** Keys that command: what is on its way, and what was refused, said at the key itself. */
import { reactive, shallowReactive } from 'vue'

import { explanation } from '@/i18n/explain'
import type { Answer, CommandData, CommandKind } from '@/protocol/types'
import type { Live } from '@/state/live'

/** So long a refusal stays at its key. */
const SAID_MS = 7000

export interface Actions {
  /** Whether this key's command is on its way. */
  sending: (key: string) => boolean
  /** Message key of why this key's last command was refused, or undefined. */
  problem: (key: string) => string | undefined
  /** Send it; undefined when it was refused (the reason then stands at the key). */
  run: <K extends CommandKind>(
    key: string,
    kind: K,
    data: CommandData[K],
    meeting?: string,
  ) => Promise<Answer | undefined>
  /** The same for a key that may send several at once (orders, decisions). */
  add: Actions['run']
  /** Put a failure at a key that is not a command. */
  fail: (key: string, error: unknown) => void
}

export function useActions(live: Pick<Live, 'command'>): Actions {
  const underWay = reactive(new Map<string, number>())
  const problems = shallowReactive(new Map<string, string>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  function fail(key: string, error: unknown): void {
    problems.set(key, explanation(error))
    clearTimeout(timers.get(key))
    timers.set(
      key,
      setTimeout(() => problems.delete(key), SAID_MS),
    )
  }

  function count(key: string, more: number): void {
    const next = (underWay.get(key) ?? 0) + more
    if (next > 0) underWay.set(key, next)
    else underWay.delete(key)
  }

  const add: Actions['run'] = async (key, kind, data, meeting) => {
    count(key, 1)
    problems.delete(key)
    try {
      return await live.command(kind, data, meeting)
    } catch (error) {
      fail(key, error)
      return undefined
    } finally {
      count(key, -1)
    }
  }

  return {
    sending: (key) => underWay.has(key),
    problem: (key) => problems.get(key),
    run: async (key, kind, data, meeting) =>
      underWay.has(key) ? undefined : add(key, kind, data, meeting),
    add,
    fail,
  }
}
