// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Outbox, tabStorage } from '@/protocol/commands'
import { newCommandId } from '@/protocol/ids'
import { GivenUp, LineEnded, Refused, Unreachable } from '@/protocol/refusal'
import type { Answer, Command } from '@/protocol/types'

import { wellFormed, wellFormedText } from '@/protocol/wellFormed'

import { FakeHub } from '../support/fakeHub'

function outboxOf(hub: FakeHub, storage?: ConstructorParameters<typeof Outbox>[1]): Outbox {
  return new Outbox(async (command) => (await hub.wire.call('command', command, 1000)) as Answer, storage)
}

describe('the outbox', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('answers a command that the hub carried out', async () => {
    const hub = new FakeHub()
    hub.connect()
    const answer = await outboxOf(hub).submit('decision.record', { text: '一' }, 'm_1')
    expect(answer.entries.map((one) => one.kind)).toEqual(['decision.recorded'])
  })

  it('keeps a command while the line is down and sends it when it is back', async () => {
    const hub = new FakeHub()
    const outbox = outboxOf(hub)
    const answer = outbox.submit('decision.record', { text: '一' }, 'm_1')
    await vi.advanceTimersByTimeAsync(20)
    expect(outbox.pending).toBe(1)
    hub.connect()
    outbox.resume()
    expect((await answer).seq).toBe(3)
    expect(outbox.pending).toBe(0)
  })

  it('sends the same id again when the answer was lost, so that it is done once', async () => {
    const hub = new FakeHub()
    hub.connect()
    hub.loseAnswers = true
    const outbox = outboxOf(hub)
    const answer = outbox.submit('decision.record', { text: '一' }, 'm_1')
    await vi.advanceTimersByTimeAsync(20)
    hub.loseAnswers = false
    outbox.resume()
    await answer
    expect(hub.arrivals.length).toBeGreaterThan(1)
    expect(new Set(hub.arrivals).size).toBe(1)
    expect(hub.journal.length).toBe(1)
  })

  it('carries commands out in the order of their submission', async () => {
    const hub = new FakeHub()
    const outbox = outboxOf(hub)
    const all = ['一', '二', '三'].map((text) => outbox.submit('decision.record', { text }, 'm_1'))
    hub.connect()
    outbox.resume()
    await vi.advanceTimersByTimeAsync(1000)
    await Promise.all(all)
    const texts = hub.journal.map((one) => (one.kind === 'decision.recorded' ? one.data.text : ''))
    expect(texts).toEqual(['一', '二', '三'])
  })

  it('hands a refusal to whoever asked and goes on with the next', async () => {
    const hub = new FakeHub()
    hub.connect()
    hub.refuse = ['wrong_state']
    const outbox = outboxOf(hub)
    const first = outbox.submit('decision.record', { text: '一' }, 'm_1')
    const second = outbox.submit('decision.record', { text: '二' }, 'm_1')
    await expect(first).rejects.toMatchObject({ code: 'wrong_state' })
    expect((await second).seq).toBe(3)
  })

  it('tries again what the hub cannot do now', async () => {
    const hub = new FakeHub()
    hub.connect()
    hub.refuse = ['unavailable', 'too_many']
    const answer = outboxOf(hub).submit('decision.record', { text: '一' }, 'm_1')
    await vi.advanceTimersByTimeAsync(5000)
    expect((await answer).seq).toBe(3)
    expect(new Set(hub.arrivals).size).toBe(1)
  })

  it('waits as long as the hub asks for', async () => {
    const sent: number[] = []
    const start = Date.now()
    const outbox = new Outbox(async () => {
      sent.push(Date.now() - start)
      await Promise.resolve()
      if (sent.length === 1) throw new Refused('too_many', '', undefined, 3000)
      return { seq: 1, entries: [] }
    })
    const answer = outbox.submit('meeting.leave', {}, 'm_1')
    await vi.advanceTimersByTimeAsync(4000)
    await answer
    expect(sent).toEqual([0, 3000])
  })

  it('finds unanswered commands again after the page was loaded anew', async () => {
    const hub = new FakeHub()
    const storage = tabStorage('a_leader', window.sessionStorage)
    void outboxOf(hub, storage).submit('decision.record', { text: '一' }, 'm_1')
    await vi.advanceTimersByTimeAsync(20)

    const fresh = new FakeHub()
    fresh.connect()
    const again = outboxOf(fresh, storage)
    again.resume()
    await vi.advanceTimersByTimeAsync(20)
    expect(fresh.journal.length).toBe(1)
    expect(storage.load()).toEqual([])
  })

  it('survives storage that holds no commands', () => {
    window.sessionStorage.setItem('lianxian.outbox.a_x', '{')
    expect(tabStorage('a_x', window.sessionStorage).load()).toEqual([])
  })
})

it('command ids have the form that the hub takes, and differ', () => {
  const ids = Array.from({ length: 200 }, () => newCommandId())
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9._:-]{1,64}$/)
  expect(new Set(ids).size).toBe(200)
})

it('a command names its meeting only when it has one', async () => {
  const sent: Command[] = []
  const outbox = new Outbox(async (command) => {
    sent.push(command)
    await Promise.resolve()
    return { seq: 1, entries: [] }
  })
  await outbox.submit('order.sign', { order: 'o_1' })
  expect(sent[0]).not.toHaveProperty('meeting')
})

describe('a command at which the hub hangs up', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => {
    vi.useRealTimers()
    window.sessionStorage.clear()
  })

  /** A page whose line comes back by itself, as socket.io's does. */
  function page(hub: FakeHub, storage?: ConstructorParameters<typeof Outbox>[1]) {
    const outbox = outboxOf(hub, storage)
    const given: string[] = []
    outbox.onGivenUp = ({ command }) => given.push(command.kind)
    const line = setInterval(() => {
      if (hub.up) return
      hub.connect()
      outbox.resume()
    }, 400)
    return { outbox, given, close: () => clearInterval(line) }
  }

  it('is given up after a few times, told, and the next one goes through', async () => {
    const hub = new FakeHub()
    hub.hangsUpAt = 'bad'
    hub.connect()
    const { outbox, given, close } = page(hub)
    const bad = outbox.submit('decision.record', { text: 'bad' }, 'm_1')
    const failed = expect(bad).rejects.toBeInstanceOf(GivenUp)
    const good = outbox.submit('decision.record', { text: 'good' }, 'm_1')
    await vi.advanceTimersByTimeAsync(20_000)
    await failed
    expect((await good).seq).toBe(3)
    expect(given).toEqual(['decision.record'])
    expect(hub.arrivals.length).toBe(5)
    expect(outbox.pending).toBe(0)
    close()
  })

  it('is counted over reloads of the page', async () => {
    const hub = new FakeHub()
    hub.hangsUpAt = 'bad'
    hub.connect()
    const storage = tabStorage('a_leader', window.sessionStorage)
    const before = page(hub, storage)
    void before.outbox.submit('decision.record', { text: 'bad' }, 'm_1').catch(() => undefined)
    await vi.advanceTimersByTimeAsync(1_000)
    before.close()
    const sent = hub.arrivals.length
    expect(sent).toBeGreaterThan(0)
    const fresh = new FakeHub()
    fresh.hangsUpAt = 'bad'
    fresh.connect()
    const after = page(fresh, storage)
    after.outbox.resume()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(after.given).toEqual(['decision.record'])
    expect(sent + fresh.arrivals.length).toBe(4)
    expect(storage.load()).toEqual([])
    after.close()
  })

  it('is not suspected on a line that falls by itself', async () => {
    let tries = 0
    const outbox = new Outbox(async () => {
      tries += 1
      await Promise.resolve()
      if (tries < 4) throw tries === 2 ? new LineEnded('') : new Unreachable('')
      return { seq: 1, entries: [] }
    })
    const answer = outbox.submit('meeting.leave', {}, 'm_1')
    await vi.advanceTimersByTimeAsync(20_000)
    expect((await answer).seq).toBe(1)
  })
})

describe('texts', () => {
  it('are made well-formed before they are sent, wherever they stand', async () => {
    const sent: Command[] = []
    const outbox = new Outbox(async (command) => {
      sent.push(command)
      await Promise.resolve()
      return { seq: 1, entries: [] }
    })
    await outbox.submit('report.file', { situation: 'abnormal', text: '水\ud83d位' })
    expect(sent[0]?.data).toEqual({ situation: 'abnormal', text: '水\ufffd位' })
    expect(wellFormed({ a: ['\udc00x', { b: '😀' }], n: 1, z: null })).toEqual({ a: ['\ufffdx', { b: '😀' }], n: 1, z: null })
  })

  it('are made so without the newer word for it, too', () => {
    const newer = Object.getOwnPropertyDescriptor(String.prototype, 'toWellFormed')
    Reflect.deleteProperty(String.prototype, 'toWellFormed')
    expect(['a\ud83d', '\ude00b', '\ud83d\ud83d\ude00', '😀'].map(wellFormedText)).toEqual(['a\ufffd', '\ufffdb', '\ufffd😀', '😀'])
    if (newer !== undefined) Object.defineProperty(String.prototype, 'toWellFormed', newer)
  })
})

describe('a command of the moment', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => {
    vi.useRealTimers()
    window.sessionStorage.clear()
  })

  it('is not sent a minute later, and said so; what somebody wrote is', async () => {
    const hub = new FakeHub()
    const outbox = outboxOf(hub)
    const not: string[] = []
    outbox.onGivenUp = ({ command, why }) => not.push(`${command.kind} ${why}`)
    const muted = outbox.submit('participant.mute_all', {}, 'm_1')
    const refused = expect(muted).rejects.toBeInstanceOf(GivenUp)
    const written = outbox.submit('decision.record', { text: '转移' }, 'm_1')
    await vi.advanceTimersByTimeAsync(61_000)
    hub.connect()
    outbox.resume()
    expect((await written).seq).toBe(3)
    await refused
    expect(not).toEqual(['participant.mute_all late'])
    expect(hub.arrivals.length).toBe(1)
  })

  it('is sent when the line was lost for seconds alone', async () => {
    const hub = new FakeHub()
    const outbox = outboxOf(hub)
    const answer = outbox.submit('floor.request', {}, 'm_1')
    await vi.advanceTimersByTimeAsync(15_000)
    hub.connect()
    outbox.resume()
    await answer
    expect(hub.arrivals.length).toBe(1)
  })

  it('of a tab that is opened again the next day is not sent', async () => {
    const hub = new FakeHub()
    const storage = tabStorage('a_leader', window.sessionStorage)
    void outboxOf(hub, storage).submit('stage.broadcast', { source: 'a_x' } as never, 'm_1').catch(() => undefined)
    await vi.advanceTimersByTimeAsync(50)
    vi.setSystemTime(Date.now() + 20 * 3_600_000)
    const next = outboxOf(hub, storage)
    const not: string[] = []
    next.onGivenUp = ({ command, why }) => not.push(`${command.kind} ${why}`)
    hub.connect()
    next.resume()
    await vi.advanceTimersByTimeAsync(50)
    expect([not, hub.arrivals, next.pending]).toEqual([['stage.broadcast late'], [], 0])
  })
})
