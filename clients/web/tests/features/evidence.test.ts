// @vitest-environment jsdom
/** The drawer of evidence: what a check found in words, a bundle's size beforehand, its digest afterwards. */
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import zh from '@/features/evidence/archive.zh'
import BundleSection from '@/features/evidence/BundleSection.vue'
import CheckSection from '@/features/evidence/CheckSection.vue'
import RecordedBundle from '@/features/evidence/RecordedBundle.vue'
import { makeI18n } from '@/i18n'
import type { EvidenceAsked, EvidenceChecked, EvidenceOffer, EvidenceWork, Job } from '@/protocol/types'

const MEETING = 'm_06dd3a2rxrmtm8aq2n'
const OFFER: EvidenceOffer = {
  entries: 214,
  left_out: 3,
  bytes: 402_118,
  recordings: { parts: 6, bytes: 7_340_032, open: 0, destroyed: 0 },
  scanned: { parts: 6, looked: 4, damaged: 0, oldest_at: '2026-11-20T02:11:07.000000Z' },
  room_bytes: 90_000_000_000,
  key: 'ab'.repeat(32),
  as_of: '2026-11-23T09:30:00.000000Z',
}
const WORK: EvidenceWork = {
  work: 'ev_06dd3b0rxrmtm8aq2n',
  meeting: MEETING,
  what: 'check',
  state: 'running',
  done: 0,
  total: 0,
  reason: '',
  asked_at: '2026-11-23T09:30:00.000000Z',
  ended_at: null,
  bundle: null,
  checked: null,
}
const CHECKED: EvidenceChecked = { entries: 214, signed: 214, checkpoints: 9, parts: 6, far_parts: 0, open_parts: 0, destroyed: 0, bytes: 1, findings: [], found: 0 }

/** A hub that answers a POST with work that runs, and the next look with how it ended. */
function hub(ended: Partial<EvidenceWork>) {
  const asked: EvidenceAsked[] = []
  const call = vi.fn((method: string, _path: string, body?: unknown) => {
    if (method === 'POST') {
      asked.push(body as EvidenceAsked)
      return Promise.resolve(WORK)
    }
    return Promise.resolve({ ...WORK, ended_at: '2026-11-23T09:30:07.000000Z', ...ended })
  })
  return { api: { call: call as never }, asked }
}
const i18n = makeI18n()
i18n.global.mergeLocaleMessage('zh-CN', { evidence: zh })
const checking = (api: { call: never }, scanned?: EvidenceOffer['scanned']) =>
  mount(CheckSection, { props: { api, meeting: MEETING, scanned }, global: { plugins: [i18n] } })
const bundling = (api: { call: never }, offer: EvidenceOffer | undefined = OFFER, refused = '') =>
  mount(BundleSection, { props: { api, meeting: MEETING, offer, refused }, global: { plugins: [i18n] } })

describe('a check', () => {
  it('says that all is well, with how much was looked at', async () => {
    const { api, asked } = hub({ state: 'ready', checked: CHECKED })
    const section = checking(api)
    await section.get('[data-testid="evidence-check"]').trigger('click')
    await flushPromises()
    expect(asked).toEqual([{ what: 'check' }])
    expect(section.get('[data-testid="evidence-checked"]').text()).toContain('核验通过')
    expect(section.text()).toContain('214 条记录与检查点一致，6 段录像完好无损')
  })

  it('says each thing that is wrong in words that a clerk understands', async () => {
    const at = '2026-11-23T08:05:00.000000Z'
    const findings = [
      { kind: 'short', seq: null, name: '坦渡村', at },
      { kind: 'missing', seq: null, name: '长岭社区', at },
      { kind: 'changed', seq: null, name: '临湘市', at },
      { kind: 'orphan', seq: null, name: 'm_1/stray.webm', at: '' },
      { kind: 'entry', seq: 17, name: '', at: '' },
    ] as const
    const { api } = hub({ state: 'ready', checked: { ...CHECKED, findings: [...findings], found: 9 } })
    const section = checking(api)
    await section.get('[data-testid="evidence-check"]').trigger('click')
    await flushPromises()
    const said = section.get('[data-testid="evidence-checked"]').text()
    for (const words of ['发现 9 处问题', '坦渡村', '不完整：文件比台账记录的短', '长岭社区', '文件不见了', '临湘市', '内容被改动', 'm_1/stray.webm — 来历不明', '第 17 条记录被改动过', '还有 4 处没有列出']) expect(said).toContain(words)
  })

  it('tells what the hub found by itself', () => {
    const { api } = hub({})
    expect(checking(api, OFFER.scanned).get('[data-testid="evidence-scanned"]').text()).toContain('4 / 6 段录像已查')
    expect(checking(api, { ...OFFER.scanned, looked: 0, oldest_at: null }).text()).toContain('还没有轮到')
    expect(checking(api, { ...OFFER.scanned, damaged: 2 }).get('[role="status"]').text()).toContain('2 段录像损坏或缺失')
  })

  it('says why it failed, and can be asked for again', async () => {
    const { api } = hub({ state: 'failed', reason: 'files' })
    const section = checking(api)
    await section.get('[data-testid="evidence-check"]').trigger('click')
    await flushPromises()
    expect(section.get('[role="alert"]').text()).toContain('有录像文件读不到')
    expect(section.get('[data-testid="evidence-check"]').attributes('disabled')).toBeUndefined()
  })
})

describe('a bundle', () => {
  const BUNDLE = { name: 'evidence.zip', bytes: 7_742_150, sha256: 'cd'.repeat(32), entries: 214, left_out: 3, size: 5120, key: 'ab'.repeat(32), until: '2026-11-24T09:30:07.000000Z' }
  it('tells its size beforehand, then its digest and where it is', async () => {
    const { api, asked } = hub({ what: 'bundle', state: 'ready', bundle: BUNDLE })
    const section = bundling(api)
    await flushPromises()
    expect(section.text()).toContain('其中 3 条您无权阅读')
    const size = section.get('[data-testid="evidence-size"]')
    expect(size.text()).toBe('约 393 KB')
    await section.get('[data-testid="evidence-make"]').trigger('click')
    await flushPromises()
    expect(asked).toEqual([{ what: 'bundle' }])
    expect(section.get('[data-testid="evidence-sha"]').text()).toBe(BUNDLE.sha256)
    expect(section.get('[data-testid="evidence-download"]').attributes()).toMatchObject({ href: `/api/v1/evidence/${WORK.work}/file`, download: 'evidence.zip' })
    expect(section.text()).toContain('python3 -I verify_bundle.py evidence.zip')
  })

  it('says what is still written and not in it', async () => {
    const section = bundling(hub({}).api, { ...OFFER, recordings: { parts: 6, bytes: 9_000_000_000, open: 1, destroyed: 0 } })
    await flushPromises()
    expect(section.text()).toContain('1 段还在写')
  })

  it('offers nothing where nothing is signed', async () => {
    const section = bundling(hub({}).api, { ...OFFER, bytes: null })
    await flushPromises()
    expect(section.text()).toContain('还没有签名检查点')
    expect(section.find('[data-testid="evidence-make"]').exists()).toBe(false)
  })
})

describe('a bundle with recordings', () => {
  const JOB: Job = {
    id: 'jb_06dd3b0rxrmtm8aq2n', kind: 'evidence', meeting: MEETING, options: {}, by: null, state: 'done', reason: null,
    files: [{ name: 'evidence-20261123.zip', bytes: 7_742_150, sha256: 'cd'.repeat(32) }], told: { entries: 214, left_out: 3, size: 5120, parts: 6 },
    took_ms: 9_000, asked_at: '2026-11-23T09:30:00.000000Z', begun_at: null, ended_at: '2026-11-23T09:30:09.000000Z', until: '2026-11-26T09:30:09.000000Z', tries: 1, progress: null,
  }
  function recorded(jobs: readonly Job[], offer: Partial<EvidenceOffer> = {}) {
    const command = vi.fn(() => Promise.resolve({ seq: 1, entries: [] }))
    const live = { socket: { on: () => () => undefined }, command, can: { value: new Set() } }
    const call = vi.fn(() => Promise.resolve({ jobs, as_of: '' }))
    const section = mount(RecordedBundle, { props: { api: { call: call as never }, live: live as never, meeting: MEETING, offer: { ...OFFER, ...offer } }, global: { plugins: [i18n] } })
    return { section, command }
  }

  it('is told its size and the room beforehand, and is asked of the hub as a job', async () => {
    const { section, command } = recorded([])
    await flushPromises()
    expect(section.get('[data-testid="evidence-recorded-size"]').text()).toBe('6 段录像，约 7.4 MB（可用空间 83.8 GB）')
    await section.get('[data-testid="evidence-recorded-make"]').trigger('click')
    expect(command).toHaveBeenCalledWith('job.ask', { kind: 'evidence', options: {} }, MEETING)
  })

  it('is not begun where there is no room, and says what to do', async () => {
    const { section } = recorded([], { room_bytes: 1_000 })
    await flushPromises()
    expect(section.get('[data-testid="evidence-recorded-size"]').text()).toContain('空间不够')
    expect(section.get('[data-testid="evidence-recorded-make"]').attributes('aria-disabled')).toBe('true')
  })

  it('says how far it is, and can be ended', async () => {
    const { section, command } = recorded([{ ...JOB, state: 'running', ended_at: null, until: null, files: [], progress: { stage: 'packing', percent: 41, left_s: 70 } }])
    await flushPromises()
    expect(section.text()).toContain('41%')
    expect(section.find('[data-testid="evidence-recorded-make"]').exists()).toBe(false)
    await section.get('[data-testid="job-cancel"]').trigger('click')
    expect(command).toHaveBeenCalledWith('job.cancel', { job: JOB.id }, MEETING)
  })

  it('is fetched from where it is, until its time is over', async () => {
    const { section } = recorded([JOB])
    await flushPromises()
    expect(section.get('[data-testid="evidence-recorded-download"]').attributes('href')).toBe(`/api/v1/jobs/${JOB.id}/files/evidence-20261123.zip?download=1`)
    expect(section.text()).toContain('保留到 2026-11-26')
    const gone = recorded([{ ...JOB, state: 'swept', until: null }]).section
    await flushPromises()
    expect(gone.find('[data-testid="evidence-recorded-download"]').exists()).toBe(false)
    expect(gone.text()).toContain('保留期已过')
  })
})
