// @vitest-environment jsdom
import { flushPromises, mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'

import type { ArchivePlace, OnArchive } from '@/features/archive.contract'
import archive from '@/features/voices/archive'
import SaidBar from '@/features/voices/SaidBar.vue'

import { laneOf, linesAt, voicesOf } from '@/features/voices/spoken'
import { useSpoken } from '@/features/voices/useSpoken'
import { makeI18n } from '@/i18n'
import { sessionKey } from '@/state/session'
import type { SaidLine, Snapshot, Voices } from '@/protocol/types'

const voice = (participant: string, spans: number[][]) => ({ recording: 'r_1', part: `p_${participant}`, participant, center: '430600000000', name: '', spoken_ms: 0, spans })
const FOUND: Voices = { voices: [voice('a_1', [[5000, 6000]]), voice('a_2', [[0, 900]]), voice('a_1', [[1000, 2000], [2500, 3000]])], listened: 3, parts: 4 }
const line = (id: number, from_ms: number, to_ms: number): SaidLine => ({ id, participant: 'a_1', who: '坦渡村', from_ms, to_ms, text: String(id) })

test('who speaks is known by participant, in the order of the moments; nothing is known before anything was heard', () => {
  expect(voicesOf(undefined)).toBeUndefined()
  expect(voicesOf({ voices: [], listened: 0, parts: 2 })).toBeUndefined()
  expect(voicesOf(FOUND)).toEqual([
    { participant: 'a_1', spans: [{ fromMs: 1000, toMs: 2000 }, { fromMs: 2500, toMs: 3000 }, { fromMs: 5000, toMs: 6000 }] },
    { participant: 'a_2', spans: [{ fromMs: 0, toMs: 900 }] },
  ])
})

test('a lane shows turns: pauses for thought stand inside them, each says whose it is', () => {
  expect(laneOf(voicesOf(FOUND) ?? [], (who, from, to) => `${who} ${String(from)}-${String(to)}`).map((span) => span.text)).toEqual(['a_2 0-900', 'a_1 1000-3000', 'a_1 5000-6000'])
})

test('subtitles are what is said now, the last two lines at most, and stay to be read', () => {
  const lines = [line(1, 0, 1000), line(2, 1500, 2000), line(3, 1600, 9000), line(4, 8000, 9000)]
  const at = (ms: number): number[] => linesAt(lines, ms).map((one) => one.id)
  expect([at(-1), at(500), at(2100), at(4000), at(8500), at(20_000)]).toEqual([[], [1], [2, 3], [3], [3, 4], []])
})

test('a meeting that is over is asked once, page after page; one that runs is not', async () => {
  const call = vi.fn((_: string, path: string) => Promise.resolve(path.endsWith('/voices') ? FOUND : path.endsWith('after=0') ? { lines: [line(1, 0, 1)], next: 7 } : { lines: [line(8, 2, 3)], next: null }))
  const meeting = ref<Snapshot | undefined>({ id: 'm_1', state: 'open' } as Snapshot)
  const { lines, voices } = useSpoken({ call: call as never }, meeting)
  expect(call).not.toHaveBeenCalled()
  meeting.value = { id: 'm_1', state: 'ended' } as Snapshot
  await vi.waitFor(() => {
    expect(lines.value.map((one) => one.id)).toEqual([1, 8])
  })
  expect(voices.value?.listened).toBe(3)
  expect(call).toHaveBeenCalledTimes(3)
})

test('the page of a meeting gets a lane, where silence is, and subtitles; a meeting nobody listened to gets none of it', async () => {
  const furnish = async (found: Voices, lines: SaidLine[]): Promise<OnArchive> => {
    const call = (_: string, path: string) => Promise.resolve(path.endsWith('/voices') ? found : { lines, next: null })
    let on: OnArchive = {}
    const place = { meeting: ref({ id: 'm_1', state: 'ended' }), positionMs: ref(1200), person: (who: string) => who, t: (key: string, words = {}) => `${key} ${Object.values(words).join(' ')}` }
    const host = defineComponent({
      setup() {
        on = archive.page(place as unknown as ArchivePlace)
        return () => h('i')
      },
    })
    mount(host, { global: { provide: { [sessionKey as symbol]: { api: { call } } } } })
    await flushPromises()
    return on
  }
  const heard = await furnish(FOUND, [line(1, 1000, 2000)])
  const [lane] = heard.lanes?.() ?? []
  expect([lane?.name, lane?.spans.length]).toEqual(['voices.partly 3 4', 3])
  expect(heard.voice?.()).toHaveLength(2)
  const given = heard.underBar?.[0]?.given()
  const bar = mount(SaidBar, { props: given as { lines: SaidLine[]; positionMs: number }, global: { plugins: [makeI18n()] } })
  expect(bar.text()).toBe('坦渡村1')
  const silent = await furnish({ voices: [], listened: 0, parts: 2 }, [])
  expect([silent.lanes?.(), silent.voice?.(), silent.underBar?.[0]?.given()]).toEqual([[], undefined, undefined])
})
