/** A phone's line to the hub, what its way up carries, and how a call stands on the desk. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { CallLine } from '@/features/grid/callLine'
import { upQuality } from '@/features/grid/callMedia'
import { standingOf } from '@/features/phonesHere/standing'
import type { PhoneCallNow, PhoneSeat } from '@/protocol/types'

const CALL: PhoneCallNow = { meeting: 'm_1', title: '防汛调度', secret: false, by: '王某', by_center: '临湘市', state: 'ringing', until: null, recorded: true, muted: false, on_stage: false, household: null, looked: 0 }

/** The hub's end of lines: each request is held open until it is ended here. */
class Lines {
  readonly open: ReadableStreamDefaultController<Uint8Array>[] = []
  readonly statuses: number[] = []
  asked = 0
  fetch = async (_input: string, init?: RequestInit): Promise<Response> => {
    this.asked += 1
    const status = this.statuses.shift() ?? 200
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.open.push(controller)
        init?.signal?.addEventListener('abort', () => {
          controller.error(new DOMException('aborted', 'AbortError'))
        })
      },
    })
    return new Response(body, { status })
  }
  say(text: string): void {
    this.open.at(-1)?.enqueue(new TextEncoder().encode(text))
  }
}

describe('the line of a phone', () => {
  let lines: Lines
  let line: CallLine
  let told: (PhoneCallNow | null)[]
  beforeEach(() => {
    vi.useFakeTimers()
    lines = new Lines()
    told = []
    line = new CallLine(lines.fetch)
    line.onCall = (call) => told.push(call)
  })
  afterEach(() => {
    line.stop()
    vi.useRealTimers()
  })
  const soon = async (ms = 0): Promise<void> => {
    await vi.advanceTimersByTimeAsync(ms)
  }

  it('tells what the hub says, however it is cut into pieces, and passes comments over', async () => {
    line.start()
    await soon()
    const text = `data: ${JSON.stringify({ call: CALL })}\n\n`
    lines.say(':\n\n')
    lines.say(text.slice(0, 20))
    await soon()
    expect(told).toEqual([])
    lines.say(`${text.slice(20)}data: {"call": null}\n\n`)
    await soon()
    expect(told).toEqual([CALL, null])
  })

  it('tells that something about orders has changed, also while it was away, and nothing of what it began with', async () => {
    const news = vi.fn()
    line.onOrders = news
    line.start()
    await soon()
    lines.say('data: {"call": null, "orders": 4}\n\n')
    await soon()
    expect(news).not.toHaveBeenCalled()
    lines.say('data: {"call": null, "orders": 7}\n\ndata: {"call": null, "orders": 7}\n\n')
    await soon()
    expect(news).toHaveBeenCalledTimes(1)
    lines.open[0]?.close()
    await soon(400)
    lines.say('data: {"call": null, "orders": 9}\n\n')
    await soon()
    expect(news).toHaveBeenCalledTimes(2)
  })

  it('comes back at once when it ends as it should, and later each time when the hub is away', async () => {
    line.start()
    await soon()
    lines.open[0]?.close()
    await soon(400)
    expect(lines.asked).toBe(2)
    lines.statuses.push(503, 503)
    lines.open[1]?.close()
    await soon(20_000)
    expect(lines.asked).toBe(5)
  })

  it('takes a line for dead that says nothing for longer than the hub is silent, and makes another one', async () => {
    line.start()
    await soon()
    for (let at = 0; at < 3; at += 1) {
      await soon(25_000)
      lines.say(':\n\n')
    }
    expect(lines.asked).toBe(1)
    await soon(60_000)
    expect(lines.asked).toBe(2)
  })

  it('asks no more once it is stopped, or the sign-in is over', async () => {
    lines.statuses.push(401)
    line.start()
    await soon(60_000)
    expect(lines.asked).toBe(1)
    line.start()
    await soon()
    line.stop()
    await soon(60_000)
    expect(lines.asked).toBe(2)
  })
})

describe('the way up', () => {
  it('is poor where the picture does not fit, lost where not even the sound does, and unknown where nothing is measured', () => {
    expect(upQuality(undefined, undefined)).toBeUndefined()
    expect(upQuality(900_000, 0)).toBe('good')
    expect(upQuality(150_000, 0)).toBe('poor')
    expect(upQuality(40_000, 0)).toBe('lost')
    expect(upQuality(undefined, 0.2)).toBe('poor')
    expect(upQuality(900_000, 0.5)).toBe('lost')
  })
})

describe('a call on the desk', () => {
  const at = Date.parse('2026-11-30T00:00:00Z')
  const seat = (more: Partial<PhoneSeat>): PhoneSeat => ({
    id: 'a_1', name: '云某', role: 'grid_member', center: '430682115210', center_name: '坦渡村', level: 'village', state: 'left', muted: false, joined_at: '', left_at: null,
    present: '', duty: '', grid_name: '一组', by: '王某', by_center: '临湘市', until: null, rings: false, why: null, household: null, grid: null, ...more,
  })
  const until = new Date(at + 45_000).toISOString()
  const word = (more: Partial<PhoneSeat>, after = 0, sends = true) => standingOf(seat(more), sends, at + after)

  it('is reached, then silent or ringing, with the seconds that are left', () => {
    expect(word({ until }, 1_000)).toEqual({ word: 'reaching', seconds: 44 })
    expect(word({ until }, 10_000)).toEqual({ word: 'silent', seconds: 35 })
    expect(word({ until, rings: true }, 10_000)).toEqual({ word: 'rings', seconds: 35 })
    // a clock that is behind the hub's promises nothing more
    expect(word({ until, rings: true }, -5_000)).toEqual({ word: 'rings', seconds: 45 })
  })

  it('says of one that is in whether it sends, and of one that is over why', () => {
    expect(word({ state: 'joined' })?.word).toBe('in')
    expect(word({ state: 'joined', muted: true })?.word).toBe('muted')
    expect(word({ state: 'joined' }, 0, false)?.word).toBe('lost')
    expect(word({ why: 'busy' })?.word).toBe('busy')
    expect(word({})).toBeUndefined()
  })
})
