// @vitest-environment jsdom
/** The whole page of one meeting with what features bring: by keyboard a moment is marked, a stretch chosen and cut out. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ref, shallowRef } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import { makeI18n } from '@/i18n'
import MeetingPage from '@/pages/archive/MeetingPage.vue'
import { Api } from '@/protocol/api'
import type { Job } from '@/protocol/types'
import type { Live } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'
import { type Shell, shellKey } from '@/state/shell'

import { ENTRIES, entry, LEADER, OPENED, SNAPSHOT, VILLAGE } from './record'

const PARTS = [
  { id: 'p_1', participant: VILLAGE.id, center: VILLAGE.center, name: '坦渡村', tracks: [{ kind: 'video', codec: 'vp8' }], source: 'camera', holes: [], started_at: OPENED, offset_ms: 0, duration_ms: 80_000, bytes: 1, sha256: 'x', state: 'closed', media: '/api/v1/recordings/r_1/parts/p_1/media' },
]

enableAutoUnmount(afterEach)
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

async function page(can: string[] = ['note.add', 'recording.make', 'meeting.minute'], jobs: readonly Job[] = []) {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {
        return
      }
      disconnect(): void {
        return
      }
    },
  )
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLMediaElement.prototype.play = () => Promise.resolve()
  HTMLMediaElement.prototype.pause = () => undefined
  Element.prototype.scrollTo = () => undefined
  const given: [string, object][] = []
  const answer = (path: string): unknown => {
    if (path.includes('/marks')) return { marks: [] }
    if (path.includes('/voices')) return { voices: [], listened: 0, parts: 0 }
    if (path.endsWith('/custody')) return { hold: null, destroyed: [], damaged: [] }
    if (path.includes('/said')) return { lines: [], next: null }
    if (path.endsWith('/origin.json')) return { files: [{ file: 'clip-01.webm', name: '坦渡村', source: 'camera' }, { file: 'clip-02.mp4', name: '', source: 'film' }] }
    if (path.includes('/jobs')) return { jobs: jobs.filter((job) => path.endsWith(`kind=${job.kind}`)), as_of: OPENED }
    if (path.includes('/recordings')) return { recordings: [{ id: 'r_1', parts: PARTS }] }
    if (path.includes('/entries')) return { entries: ENTRIES, seq: 99 }
    if (path.endsWith('/session')) return { account: { id: LEADER.id, role: 'clerk', username: 'c', name: '某', center: LEADER.center }, last_sign_in: null, needs: null }
    return { ...SNAPSHOT, can }
  }
  const api = new Api((path) => Promise.resolve(new Response(JSON.stringify(answer(path)), { status: 200 })))
  const session = makeSession(api)
  await session.resume()
  const command = (kind: string, data: object) => {
    given.push([kind, data])
    const added = entry(200, 30_000, LEADER, { kind: 'mark.added', data: { mark: 'mk_1', by: { account: LEADER.id, name: LEADER.name, center: LEADER.center, center_name: '市' }, ...data } } as never)
    return Promise.resolve({ seq: 200, entries: kind === 'mark.add' ? [added] : [] })
  }
  const shell = { account: { id: LEADER.id }, live: { socket: { on: () => () => undefined }, command } as unknown as Live, now: ref(0), asOf: ref(undefined), meeting: shallowRef(), centers: ref([]) } as unknown as Shell
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/archive/:meeting', component: { render: () => null } }, { path: '/:rest(.*)*', name: 'archive', component: { render: () => null } }] })
  await router.push('/archive/m_1')
  const wrapper = mount(MeetingPage, { props: { meeting: 'm_1' }, attachTo: document.body, global: { plugins: [makeI18n(), router], provide: { [shellKey as symbol]: shell, [sessionKey as symbol]: session } } })
  await flushPromises()
  const press = async (key: string): Promise<void> => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key }))
    await flushPromises()
  }
  return { wrapper, press, given, router }
}

describe('the page of a meeting', () => {
  it('marks a moment by M, words and Enter', async () => {
    const { wrapper, press, given } = await page()
    expect(wrapper.find('[data-testid="archive-timeline"]').exists()).toBe(true)
    await press('m')
    await wrapper.get('[data-testid="archive-mark-text"]').setValue('检查站')
    await wrapper.get('[data-testid="archive-mark-box"]').trigger('submit')
    await flushPromises()
    expect(given).toEqual([['mark.add', { at: '2026-11-23T08:00:00.000Z', kind: 'point', text: '检查站' }]])
    expect(wrapper.text()).toContain('检查站')
    expect(wrapper.find('[data-testid="archive-mark-box"]').exists()).toBe(false)
  })

  it('cuts out what stands between I and O, and shows what is made', async () => {
    const { wrapper, press, given, router } = await page()
    await press('i')
    expect(wrapper.get('[data-testid="archive-clip-box"]').text()).toContain('按 O')
    await press('l')
    await press('o')
    expect(wrapper.get('[data-testid="archive-clip-box"]').text()).toContain('00:00.0–00:10.0')
    await wrapper.get('[data-testid="archive-clip-cut"]').trigger('click')
    await flushPromises()
    expect(given.at(-1)).toEqual(['job.ask', { kind: 'clip', options: { from_ms: 0, to_ms: 10_000, participants: [], film: false } }])
    expect(router.currentRoute.value.query['open']).toBe('made')
  })

  it('cuts out of the film while the film is played, and says whose the files are', async () => {
    const done = (kind: string, told: object, ...names: string[]): Job =>
      ({ id: `jb_${kind}`, kind, meeting: 'm_1', options: { from_ms: 0, to_ms: 5000 }, by: null, state: 'done', reason: null, files: names.map((name) => ({ name, bytes: 9, sha256: 'a'.repeat(64) })), told, took_ms: 5, asked_at: OPENED, begun_at: OPENED, ended_at: OPENED, tries: 1, progress: null }) as never
    const { wrapper, press, given } = await page(undefined, [done('film', { began_at: OPENED, duration_ms: 60_000 }, 'film.mp4'), done('clip', { from_ms: 0, to_ms: 5000, copied: 2 }, 'clip-01.webm', 'clip-02.mp4', 'origin.json')])
    await press('i')
    await press('l')
    await press('o')
    const whom = wrapper.get<HTMLSelectElement>('[data-testid="archive-clip-whom"]')
    expect(whom.element.selectedOptions[0]?.text).toBe('成片')
    await wrapper.get('[data-testid="archive-clip-cut"]').trigger('click')
    await vi.waitFor(() => {
      expect(wrapper.findAll('[data-testid="archive-made-clip"]').map((link) => link.text().split(' · ')[1])).toEqual(['坦渡村', '成片'])
    }, { timeout: 4000 })
    expect(given.at(-1)).toEqual(['job.ask', { kind: 'clip', options: { from_ms: 0, to_ms: 10_000, participants: [], film: true } }])
    expect(wrapper.get('[data-testid="archive-made-clip"]').attributes('download')).toMatch(/-01-坦渡村\.webm$/)
  })

  it('offers nobody what the hub would refuse', async () => {
    const { wrapper, press } = await page([])
    await press('m')
    await press('p')
    expect(wrapper.find('[data-testid="archive-mark-box"]').exists()).toBe(false)
    expect(wrapper.find('[data-testid="archive-picture-box"]').exists()).toBe(false)
    expect(wrapper.find('[data-testid="archive-key-mark"]').exists()).toBe(false)
  })

  it('stands still a frame further on', async () => {
    const { wrapper, press } = await page()
    await press('.')
    expect(wrapper.get('[data-testid="archive-time"]').attributes('data-seconds')).toBe('0.040')
    await press(',')
    expect(wrapper.get('[data-testid="archive-time"]').attributes('data-seconds')).toBe('0.000')
  })
})
