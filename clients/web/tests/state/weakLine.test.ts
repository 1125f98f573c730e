// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'

import { makeI18n } from '@/i18n'
import LineChoice from '@/parts/line/LineChoice.vue'
import LineNotice from '@/parts/line/LineNotice.vue'
import type { Pictures } from '@/protocol/types'
import { ownLine } from '@/state/ownLine'
import { BACK_MS, isTooMuch, LineJudge, LONGEST_MS, type Measured, TROUBLE_MS } from '@/state/weakLine'

const GOOD: Measured = { down: { state: 'good', bitrate_bps: 3_000_000 }, up: 'good', main: 'good' }
const NARROW: Measured = { down: { state: 'poor', bitrate_bps: 100_000 }, up: 'good', main: 'poor' }
const plugins = [makeI18n()]

beforeEach(() => {
  sessionStorage.clear()
})

/** Judges every second from `from` on, for so long; what is taken then. */
function pass(judge: LineJudge, pictures: Pictures, measured: Measured, from: number, ms: number): Pictures {
  for (let now = from; now <= from + ms; now += 1000) pictures = judge.judge(now, pictures, measured)
  return pictures
}

describe('what is too much for a line', () => {
  it.each<[string, Partial<Measured>, Pictures, boolean]>([
    ['a good line', {}, 'all', false],
    ['nothing known', { down: undefined, up: undefined, main: undefined }, 'all', false],
    ['loss on a wide line', { down: { state: 'poor', bitrate_bps: 2_000_000 } }, 'all', false],
    ['a narrow line that is no trouble', { down: { state: 'fair', bitrate_bps: 300_000 } }, 'all', false],
    ['a narrow line', NARROW, 'all', true],
    ['a narrow line, for one picture', NARROW, 'stage', true],
    ['a line for one picture', { down: { state: 'poor', bitrate_bps: 250_000 } }, 'stage', false],
    ['a line that takes nothing', { down: { state: 'lost', bitrate_bps: null } }, 'stage', true],
    ['a source that sends nothing over a good line', { main: 'lost' }, 'all', false],
    ['a bad way up', { up: 'poor' }, 'all', true],
    ['a bad way up with the small camera', { up: 'poor' }, 'stage', false],
    ['sound only', NARROW, 'none', false],
  ])('%s', (_name, measured, pictures, expected) => {
    expect(isTooMuch(pictures, { ...GOOD, ...measured })).toBe(expected)
  })
})

describe('a weak line', () => {
  it('takes less only when it stays bad, one step at a time', () => {
    const judge = new LineJudge()
    expect(pass(judge, 'all', NARROW, 0, TROUBLE_MS - 1000)).toBe('all')
    expect(judge.judge(TROUBLE_MS - 500, 'all', GOOD)).toBe('all')
    expect(pass(judge, 'all', NARROW, TROUBLE_MS, TROUBLE_MS - 1000)).toBe('all') // counted anew
    expect(pass(judge, 'all', NARROW, 2 * TROUBLE_MS, 1000)).toBe('stage')
    expect(pass(judge, 'stage', NARROW, 2 * TROUBLE_MS + 2000, TROUBLE_MS + 1000)).toBe('none')
  })

  it('that loses much on its way up is left as it is until it does not any more', () => {
    const judge = new LineJudge()
    const lossy: Measured = { ...GOOD, up: 'poor' }
    expect(pass(judge, 'all', lossy, 0, TROUBLE_MS)).toBe('stage')
    expect(pass(judge, 'stage', lossy, TROUBLE_MS, 10 * BACK_MS)).toBe('stage')
    const good = TROUBLE_MS + 10 * BACK_MS
    expect(pass(judge, 'stage', GOOD, good + 1000, BACK_MS - 2000)).toBe('stage')
    expect(judge.judge(good + BACK_MS, 'stage', GOOD)).toBe('all')
  })

  it('tries more after a while, and waits longer each time that it does not last', () => {
    const judge = new LineJudge()
    let now = 0
    let pictures = pass(judge, 'all', NARROW, now, TROUBLE_MS)
    now += TROUBLE_MS
    let wait = BACK_MS
    for (let turn = 0; turn < 6; turn += 1) {
      expect(pictures).toBe('stage')
      expect(pass(judge, pictures, GOOD, now + 1000, wait - 2000)).toBe('stage')
      pictures = pass(judge, pictures, GOOD, now + wait, 1000)
      expect(pictures).toBe('all')
      now += wait + 1000
      pictures = pass(judge, pictures, NARROW, now + 1000, TROUBLE_MS)
      now += 1000 + TROUBLE_MS
      wait = Math.min(wait * 2, LONGEST_MS)
    }
    expect(wait).toBe(LONGEST_MS)
  })
})

describe("one's own choice", () => {
  it('holds whatever the line does, over a reload too, until it is left to the line again', () => {
    const line = ownLine()
    line.choose('none')
    for (let now = 0; now < 10 * LONGEST_MS; now += 1000) line.measured(now, GOOD)
    expect([line.pictures.value, line.byItself.value]).toEqual(['none', false])
    expect(ownLine().pictures.value).toBe('none')
    line.choose('all')
    expect(ownLine().pictures.value).toBe('all')
    for (let now = 0; now <= TROUBLE_MS; now += 1000) line.measured(10 * LONGEST_MS + now, NARROW)
    expect([line.pictures.value, line.byItself.value]).toEqual(['stage', true])
    expect(ownLine().pictures.value).toBe('all') // what comes by itself is not kept
  })

  it('goes over the relay if anything of it does', () => {
    const line = ownLine()
    line.goes(['direct', undefined])
    expect(line.way.value).toBe('direct')
    line.goes(['direct', 'relay'])
    expect(line.way.value).toBe('relay')
    line.goes([undefined, undefined])
    expect(line.way.value).toBeUndefined()
  })

  it('is made by three keys that say what they do', async () => {
    const line = ownLine()
    const wrapper = mount(LineChoice, { props: { line }, global: { plugins } })
    expect(wrapper.get('[data-testid="line-way"]').text()).toBe('尚未连接')
    expect(wrapper.findAll('[aria-pressed]').map((one) => one.get('b').text())).toEqual(['全部画面', '声音和主画面', '只要声音'])
    await wrapper.get('[data-testid="line-take-none"]').trigger('click')
    expect(wrapper.get('[aria-pressed="true"]').attributes('data-testid')).toBe('line-take-none')
  })

  it('is said in words as long as it holds, with the key back', async () => {
    const line = ownLine()
    const wrapper = mount(LineNotice, { props: { line }, global: { plugins } })
    expect(wrapper.find('[data-testid="line-notice"]').exists()).toBe(false)
    line.choose('none')
    await wrapper.vm.$nextTick()
    expect(wrapper.get('[role="status"]').text()).toBe('您已选择：只收声音，不收也不送画面')
    await wrapper.get('[data-testid="line-back"]').trigger('click')
    expect(line.pictures.value).toBe('all')
    for (let now = 0; now <= TROUBLE_MS; now += 1000) line.measured(now, NARROW)
    await wrapper.vm.$nextTick()
    expect(wrapper.get('[role="status"]').text()).toContain('线路弱，已自动改为：只收声音和主画面')
  })
})
