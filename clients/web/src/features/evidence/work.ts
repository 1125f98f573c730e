/** A bundle or a check on its way: asked for, looked at until it has ended, ended on wish. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'

import { explanation } from '@/i18n/explain'
import { askEvidence, type Caller, endWork, readWork } from '@/protocol/evidenceApi'
import type { EvidenceAsked, EvidenceWork } from '@/protocol/types'

const LOOK_MS = 400

export function useWork(api: Caller, meeting: string) {
  const work = shallowRef<EvidenceWork>()
  /** Message key of what went wrong; empty where nothing did. */
  const problem = ref('')
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const running = computed(() => asking.value || work.value?.state === 'waiting' || work.value?.state === 'running')

  async function look(): Promise<void> {
    const mine = work.value
    if (!mine) return
    try {
      const told = await readWork(api, mine.work)
      if (work.value?.work !== mine.work) return
      work.value = told
      problem.value = told.state === 'failed' ? `evidence.failed.${REASONS.includes(told.reason) ? told.reason : 'fault'}` : ''
    } catch (error) {
      problem.value = explanation(error)
    }
    if (running.value) timer = setTimeout(() => void look(), LOOK_MS)
  }
  async function ask(asked: EvidenceAsked): Promise<void> {
    clearTimeout(timer)
    asking.value = true
    problem.value = ''
    work.value = undefined
    try {
      work.value = await askEvidence(api, meeting, asked)
    } catch (error) {
      problem.value = explanation(error)
    } finally {
      asking.value = false
    }
    await look()
  }
  async function end(): Promise<void> {
    if (!work.value) return
    try {
      await endWork(api, work.value.work)
    } catch (error) {
      problem.value = explanation(error)
    }
  }
  onScopeDispose(() => {
    clearTimeout(timer)
    work.value = undefined
  })
  return { work, problem, running, ask, end }
}

const REASONS: readonly string[] = ['unproven', 'too_large', 'files', 'fault']
