// @vitest-environment jsdom
/** A job on a page: its state in words, progress, why it failed, keys for those who may; news in any order. */
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'

import { useActions } from '@/parts/actions'
import JobRow from '@/parts/jobs/JobRow.vue'
import { type Jobs, useJobs } from '@/parts/jobs/useJobs'
import zh from '@/parts/jobs/words.zh'
import type { ChangedEvent, Job } from '@/protocol/types'

import { makeI18n } from '@/i18n'

function job(more: Partial<Job> = {}): Job {
  return { id: 'jb_1', kind: 'film', meeting: 'm_1', options: {}, by: null, state: 'waiting', reason: null, files: [], told: {}, took_ms: null, asked_at: '2026-11-23T08:00:00.000000Z', begun_at: null, ended_at: null, until: null, tries: 0, progress: null, ...more }
}
function row(shown: Job, may = true) {
  const actions = useActions({ command: () => Promise.reject(new Error('none is sent')) })
  return mount(JobRow, { props: { job: shown, actions, name: '成片', may }, global: { plugins: [makeI18n()] } })
}

describe('a job on the page', () => {
  it('says how it stands, how far it is and how long it still takes', () => {
    const running = row(job({ state: 'running', tries: 2, progress: { stage: 'pictures', percent: 41, left_s: 200 } }))
    expect(running.text()).toContain('正在制作 · 第 2 次尝试')
    expect(running.text()).toContain('41% · 合成画面 · 约还需 3 分钟')
    expect(running.get('progress').attributes('value')).toBe('41')
    expect(row(job({ state: 'running', tries: 1 })).text()).toContain('正在估算时间')
    expect(row(job()).text()).toContain('排队等候')
  })

  it('says why it failed in words, for every reason', () => {
    for (const [reason, words] of Object.entries(zh.reason)) {
      expect(row(job({ state: 'failed', reason: reason as Job['reason'] })).text()).toContain(words)
    }
  })

  it('is ended and tried again by those who may, and shows no key to others', async () => {
    const open = row(job())
    await open.get('[data-testid=job-cancel]').trigger('click')
    expect(open.emitted('cancel')).toHaveLength(1)
    const failed = row(job({ state: 'failed', reason: 'died' }))
    await failed.get('[data-testid=job-retry]').trigger('click')
    expect(failed.emitted('retry')).toHaveLength(1)
    expect(row(job(), false).findAll('button')).toHaveLength(0)
    expect(row(job({ state: 'done' })).findAll('button')).toHaveLength(0)
  })
})

describe('the jobs of a meeting', () => {
  function useThem(read: () => readonly Job[]): { jobs: Jobs; tell: (event: Partial<ChangedEvent>) => void; sent: unknown[] } {
    const heard: Record<string, (event: never) => void> = {}
    const sent: unknown[] = []
    const live = {
      socket: { on: (name: string, hear: (event: never) => void) => ((heard[name] = hear), () => undefined) },
      command: (...given: unknown[]) => (sent.push(given), Promise.resolve({ seq: 1, entries: [] })),
    }
    let jobs: Jobs | undefined
    const api = { call: () => Promise.resolve({ jobs: read(), as_of: '' }) }
    mount(defineComponent({ setup: () => ((jobs = useJobs(api as never, live as never, 'm_1', 'film')), () => h('i')) }))
    if (jobs === undefined) throw new Error('it was not set up')
    return { jobs, tell: (event) => heard['changed']?.({ what: 'job', meeting: 'm_1', id: '', seq: 1, ...event } as never), sent }
  }

  it('are kept up by what is told; of another meeting or kind nothing is taken; what is over stays over', async () => {
    const { jobs, tell } = useThem(() => [])
    await flushPromises()
    tell({ value: job() })
    tell({ value: job({ id: 'jb_2', kind: 'clip' }) })
    tell({ meeting: 'm_2', value: job({ id: 'jb_3' }) })
    expect(jobs.open.value.map((each) => each.id)).toEqual(['jb_1'])
    tell({ value: job({ state: 'done' }) })
    tell({ value: job({ state: 'running' }) })
    expect(jobs.list.value?.map((each) => each.state)).toEqual(['done'])
    expect(jobs.open.value).toEqual([])
  })

  it('are asked for and ended by commands about the meeting', async () => {
    const { jobs, sent } = useThem(() => [job()])
    await flushPromises()
    expect(await jobs.ask({})).toBe(true)
    await jobs.cancel(job())
    expect(sent).toEqual([
      ['job.ask', { kind: 'film', options: {} }, 'm_1'],
      ['job.cancel', { job: 'jb_1' }, 'm_1'],
    ])
  })
})
