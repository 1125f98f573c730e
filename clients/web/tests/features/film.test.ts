// @vitest-environment jsdom
/** The film of a meeting on its page: what it costs, how far it is, then the film; its chapters; where it stands on the meeting's time. */
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, ref } from 'vue'

import type { ArchivePlace } from '@/features/archive.contract'
import { chapterAt, chaptersOf } from '@/features/film/chapters'
import FilmDrawer from '@/features/film/FilmDrawer.vue'
import { filmOf, type Films } from '@/features/film/useFilms'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import type { FilmCost, Job } from '@/protocol/types'

const TEXT = 'WEBVTT\n\n00:00:00.000 --> 00:00:10.000\n会议开始\n\n00:00:10.000 --> 01:02:03.004\n决策：三级 &lt;响应&gt; &amp;amp;\n\n101:02:03.004 --> 101:02:04.000\n会议结束\n'
const COST: FilmCost = { length_ms: 3_480_000, work_s: 2_090, bytes: 661_200_000, measured: false }
let cost: FilmCost | Error = COST

vi.mock('@/state/session', () => ({ useSession: () => ({ api: { call: () => (cost instanceof Error ? Promise.reject(cost) : Promise.resolve(cost)) } }) }))
vi.stubGlobal('fetch', () => Promise.resolve({ ok: true, text: () => Promise.resolve(TEXT) }))

function job(more: Partial<Job> = {}): Job {
  return { id: 'jb_1', kind: 'film', meeting: 'm_1', options: {}, by: null, state: 'waiting', reason: null, files: [], told: {}, took_ms: null, asked_at: '2026-11-23T09:00:00.000000Z', begun_at: null, ended_at: null, until: null, tries: 1, progress: null, ...more }
}
const DONE = job({
  state: 'done',
  files: [{ name: 'film.mp4', bytes: 412 * 1024 * 1024, sha256: 'ab'.repeat(32) }],
  told: { began_at: '2026-11-23T08:00:01.500000Z', duration_ms: 3_480_000, missing: 2 },
  ended_at: '2026-11-23T09:10:00.000000Z',
})

beforeEach(() => {
  cost = COST
  HTMLDialogElement.prototype.showModal = function show() { this.setAttribute('open', '') }
})

async function drawer(jobs: Job[], { may = true, live = false } = {}) {
  const sent: string[] = []
  const films: Films = {
    jobs: {
      list: ref(jobs),
      open: computed(() => []),
      problem: ref(null),
      actions: useActions({ command: () => Promise.reject(new Error('none is sent')) }),
      ask: () => (sent.push('ask'), Promise.resolve(true)),
      cancel: () => (sent.push('cancel'), Promise.resolve()),
    },
    may: computed(() => may),
    made: computed(() => jobs.find((one) => one.state === 'done')),
    last: computed(() => (jobs[0]?.state === 'done' ? undefined : jobs[0])),
  }
  const place = { live: ref(live), meeting: ref({ opened_at: '2026-11-23T08:00:00.000000Z' }) } as unknown as ArchivePlace
  const wrapper = mount(FilmDrawer, { props: { place, films, meeting: 'm_1' }, global: { plugins: [makeI18n()] } })
  await flushPromises()
  return { wrapper, sent }
}

describe('chapters', () => {
  it('are read with their moments, and marks of WebVTT become letters again', () => {
    expect(chaptersOf(TEXT)).toEqual([
      { atMs: 0, title: '会议开始' },
      { atMs: 10_000, title: '决策：三级 <响应> &amp;' },
      { atMs: 363_723_004, title: '会议结束' },
    ])
    expect(chaptersOf('')).toEqual([])
  })

  it('go on until the next one', () => {
    const chapters = chaptersOf(TEXT)
    expect([0, 9_999, 10_000, 99_999].map((ms) => chapterAt(chapters, ms))).toEqual([0, 0, 1, 1])
    expect(chapterAt([], 5)).toBe(-1)
  })
})

describe('a film', () => {
  it('stands where its first picture was made', () => {
    expect(filmOf(DONE, '2026-11-23T08:00:00.000000Z')).toEqual({ media: '/api/v1/jobs/jb_1/files/film.mp4', offsetMs: 1500, durationMs: 3_480_000 })
    expect(filmOf(job(), '2026-11-23T08:00:00.000000Z')).toBeUndefined()
  })
})

describe('the drawer of the film', () => {
  it('says what it would cost before it is asked for, and asks', async () => {
    const { wrapper, sent } = await drawer([])
    expect(wrapper.get('[data-testid=film-cost]').text()).toContain('录像长 00:58:00，制作约需 35 分钟，成片约 631 MB。')
    await wrapper.get('[data-testid=film-make]').trigger('click')
    expect(sent).toEqual(['ask'])
  })

  it('offers nothing that would be refused: while the meeting runs, without a recording, without the right', async () => {
    expect((await drawer([], { live: true })).wrapper.find('[data-testid=film-make]').exists()).toBe(false)
    const not = await drawer([], { may: false })
    expect(not.wrapper.text()).toContain('由本级领导、调度员或文书进行')
    expect(not.wrapper.find('[data-testid=film-make]').exists()).toBe(false)
    cost = { ...COST, length_ms: 0 }
    expect((await drawer([])).wrapper.get('[data-testid=film-nothing]').text()).toContain('没有录像')
  })

  it('can be asked for while the cost is not known', async () => {
    cost = new Error('away')
    const { wrapper } = await drawer([])
    expect(wrapper.find('[data-testid=film-cost]').exists()).toBe(false)
    expect(wrapper.find('[data-testid=film-make]').exists()).toBe(true)
  })

  it('shows how far it is, and why it failed, with the keys for it', async () => {
    const running = await drawer([job({ state: 'running', progress: { stage: 'pictures', percent: 30, left_s: 60 } })])
    expect(running.wrapper.text()).toContain('30% · 合成画面 · 约还需 60 秒')
    await running.wrapper.get('[data-testid=job-cancel]').trigger('click')
    const failed = await drawer([job({ state: 'failed', reason: 'no_room' })])
    expect(failed.wrapper.text()).toContain('磁盘空间不足')
    await failed.wrapper.get('[data-testid=job-retry]').trigger('click')
    expect([running.sent, failed.sent]).toEqual([['cancel'], ['ask']])
  })

  it('plays the film, jumps by its chapters, has it downloaded, and says what is not in it', async () => {
    const { wrapper, sent } = await drawer([DONE])
    const video = wrapper.get<HTMLVideoElement>('[data-testid=film-player]')
    expect(video.attributes('src')).toBe('/api/v1/jobs/jb_1/files/film.mp4')
    expect(wrapper.get('[data-testid=film-download]').attributes('href')).toBe('/api/v1/jobs/jb_1/files/film.mp4?download=1')
    expect(wrapper.text()).toContain('长 00:58:00 · 412 MB')
    expect(wrapper.text()).toContain('有 2 段录像找不到或读不出')
    video.element.play = () => Promise.resolve()
    const second = wrapper.findAll('li button')[1]
    expect(second?.text()).toContain('决策：三级 <响应>')
    await second?.trigger('click')
    expect(video.element.currentTime).toBe(10)
    await wrapper.get('[data-testid=film-again]').trigger('click')
    expect(sent).toEqual(['ask'])
  })
})
