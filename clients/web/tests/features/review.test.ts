// @vitest-environment jsdom
/** Reviewing: what marks stand, where nothing was recorded, what is silent, which small picture is of a moment. */
import { describe, expect, it } from 'vitest'
import { effectScope, ref, shallowRef } from 'vue'

import { gapsOf, picturesAt } from '@/features/review/gaps'
import { instant, moment, sinceOpening } from '@/features/review/moments'
import { useMarks } from '@/features/review/useMarks'
import { afterSilence, silences } from '@/pages/archive/silence'
import { useFilm } from '@/pages/archive/useFilm'
import { pictureAt, useThumbs } from '@/pages/archive/useThumbs'
import type { Api } from '@/protocol/api'
import type { Entry, Mark, Part, SmallPictures } from '@/protocol/types'

const OPENED = '2026-11-23T08:00:00.000000Z'
const at = (seconds: number): string => instant(OPENED, seconds * 1000)

function entry(seq: number, kind: string, data: object, seconds = 0): Entry {
  return { seq, at: at(seconds), actor: { account: 'a_1', center: '1' }, kind, meeting: 'm_1', audience: [], data, alg: 'sha256', prev: '', hash: '' } as unknown as Entry
}
function part(id: string, participant: string, from: number, to: number, more: Partial<Part> = {}): Part {
  return {
    id,
    participant,
    center: '1',
    name: participant,
    tracks: [{ kind: 'video', codec: 'vp8' }],
    source: 'camera',
    holes: [],
    started_at: at(from),
    offset_ms: from * 1000,
    duration_ms: (to - from) * 1000,
    bytes: 1,
    sha256: 'x',
    state: 'closed',
    media: `/api/v1/recordings/r/parts/${id}/media`,
    ...more,
  }
}
const by = { account: 'a_1', name: '王', center: '1', center_name: '市' }
const mark = (id: string, seq: number, withdrawn: boolean): Mark =>
  ({ id, seq, meeting: 'm_1', at: at(1), kind: 'point', text: id, by, made_at: at(1), changed_at: null, withdrawn_at: withdrawn ? at(9) : null })

describe('marks', () => {
  it('stand as they were said last; entries that say otherwise are overtaken', async () => {
    const entries = shallowRef<readonly Entry[]>([])
    const answer = { marks: [mark('mk_1', 3, false), mark('mk_2', 5, true)] }
    let asked = 0
    const api = { call: () => { asked += 1; return Promise.resolve(answer) } } as unknown as Pick<Api, 'call'>
    const scope = effectScope()
    const marks = scope.run(() => useMarks(api, () => 'm_1', entries))
    expect(marks?.standing.value).toBeUndefined()
    entries.value = [
      entry(1, 'mark.added', { mark: 'mk_1' }),
      entry(2, 'mark.added', { mark: 'mk_2' }),
      entry(3, 'mark.changed', { mark: 'mk_1' }),
      entry(5, 'mark.withdrawn', { mark: 'mk_2' }),
      entry(6, 'mark.added', { mark: 'mk_new' }),
    ]
    await new Promise((ok) => setTimeout(ok))
    expect(asked).toBe(2)
    expect(marks?.standing.value?.map((one) => one.id)).toEqual(['mk_1'])
    expect(marks?.withdrawn.value).toBe(1)
    expect([...(marks?.overtaken.value ?? [])].sort()).toEqual([1, 2, 5])
    scope.stop()
  })
})

describe('what was not recorded', () => {
  const parts = [part('p1', 'a_1', 0, 10), part('p2', 'a_1', 20, 30), part('p3', 'a_2', 0, 30), part('p4', 'a_3', 0, 10), part('p5', 'a_3', 20, 30)]

  it('is told of who was there all the time, and not of who had left', () => {
    const left = entry(1, 'meeting.left', { participant: 'a_3' }, 10)
    expect(gapsOf([left], parts, OPENED, 30_000)).toEqual([{ participant: 'a_1', name: 'a_1', fromMs: 10_000, toMs: 20_000 }])
  })

  it('is no gap while nothing was to be recorded', () => {
    expect(gapsOf([entry(1, 'recording.stopped', { recording: 'r' }, 12), entry(2, 'meeting.left', { participant: 'a_3' }, 10)], parts, OPENED, 30_000)).toEqual([])
  })

  it('is a lost part', () => {
    expect(gapsOf([], [part('p1', 'a_1', 5, 5, { state: 'lost', duration_ms: null })], OPENED, 30_000)).toEqual([{ participant: 'a_1', name: 'a_1', fromMs: 5_000, toMs: 8_000 }])
  })

  it('has no pictures to take; who was broadcast comes first of those that have', () => {
    const aired = entry(1, 'stage.broadcast', { participant: 'a_2' }, 1)
    expect(picturesAt(parts, [aired], OPENED, 15_000).map((one) => one.id)).toEqual(['a_2'])
    expect(picturesAt(parts, [aired], OPENED, 5_000).map((one) => one.id)).toEqual(['a_2', 'a_1', 'a_3'])
  })
})

describe('silence', () => {
  const voices = [
    { participant: 'a_1', spans: [{ fromMs: 5_000, toMs: 8_000 }] },
    { participant: 'a_2', spans: [{ fromMs: 7_000, toMs: 12_000 }, { fromMs: 13_000, toMs: 14_000 }] },
  ]

  it('is where nobody speaks, with some room around speech, and without its short pauses', () => {
    expect(silences(voices, 20_000)).toEqual([
      { fromMs: 0, toMs: 4_700 },
      { fromMs: 14_300, toMs: 20_000 },
    ])
  })

  it('is left to its end, but not beyond the last word', () => {
    const found = silences(voices, 20_000)
    expect(afterSilence(found, 1_000, 20_000)).toBe(4_700)
    expect(afterSilence(found, 6_000, 20_000)).toBeUndefined()
    expect(afterSilence(found, 15_000, 20_000)).toBeUndefined()
  })
})

describe('small pictures', () => {
  const small: SmallPictures = { state: 'ready', width: 160, height: 90, row: 10, sheets: ['/s0', '/s1'], at_ms: Array.from({ length: 112 }, (_, n) => n * 4_000) }

  it('of a moment are the last that are not later', () => {
    expect(pictureAt(small, 0)).toEqual({ url: '/s0', x: 0, y: 0 })
    expect(pictureAt(small, 4_000 * 11 + 3_999)).toEqual({ url: '/s0', x: 160, y: 90 })
    expect(pictureAt(small, 4_000 * 101)).toEqual({ url: '/s1', x: 160, y: 0 })
    expect(pictureAt({ ...small, at_ms: [500] }, 499)).toBeUndefined()
  })

  it('are asked for once for each part that is there, and who was broadcast comes first', async () => {
    const asked: string[] = []
    const api = { call: (_: string, path: string) => { asked.push(path); return Promise.resolve(small) } } as unknown as Pick<Api, 'call'>
    const scope = effectScope()
    const thumbs = scope.run(() => useThumbs(api, ref([part('p1', 'a_1', 0, 30), part('p2', 'a_2', 0, 30), part('p3', 'a_3', 40, 50)])))
    thumbs?.want(1_000)
    thumbs?.want(2_000)
    await new Promise((ok) => setTimeout(ok))
    expect(asked).toEqual(['/recordings/r/parts/p1/small', '/recordings/r/parts/p2/small'])
    expect(thumbs?.at(2_000, 'a_2').map((one) => one.part)).toEqual(['p2', 'p1'])
    scope.stop()
  })
})

describe('a film', () => {
  const film = { media: '/film', offsetMs: 0, durationMs: 30_000 }

  it('is what is played when it is there before anything was, and tracks can be had instead', async () => {
    const found = ref<typeof film>()
    const parts = ref([part('p1', 'a_1', 0, 30)])
    const scope = effectScope()
    const untouched = ref(true)
    const one = scope.run(() => useFilm(() => found.value, parts, () => untouched.value, () => '成片'))
    expect(one?.shown.value.map((each) => each.id)).toEqual(['p1'])
    found.value = film
    await Promise.resolve()
    expect(one?.shown.value.map((each) => [each.id, each.media])).toEqual([['film', '/film']])
    one?.choose('tracks')
    expect(one?.shown.value.map((each) => each.id)).toEqual(['p1'])
    scope.stop()
  })

  it('takes no picture away that is being played', async () => {
    const found = ref<typeof film>()
    const scope = effectScope()
    const one = scope.run(() => useFilm(() => found.value, ref([part('p1', 'a_1', 0, 30)]), () => false, () => '成片'))
    found.value = film
    await Promise.resolve()
    expect(one?.view.value).toBe('tracks')
    expect(one?.has.value).toBe(true)
    scope.stop()
  })
})

describe('moments', () => {
  it('are written as clocks since the opening, and meant as instants', () => {
    expect([moment(65_400), moment(3_723_900, true)]).toEqual(['01:05', '1:02:03.9'])
    expect(sinceOpening(OPENED, instant(OPENED, 1_500))).toBe(1_500)
  })
})
