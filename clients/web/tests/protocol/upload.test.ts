/** An upload: gone on with after every break, with progress, and given up at a word. */
import { describe, expect, it } from 'vitest'

import { addressOf, typeOf } from '@/protocol/fileTypes'
import { type Progress, Upload } from '@/protocol/upload'

import { FakeUploads } from '../support/fakeUploads'

const FILE = new Blob(['x'.repeat(1000)])

function uploading(hub: FakeUploads, pauses: number[] = [0]) {
  const told: Progress[] = []
  const upload = new Upload(FILE, 'image/jpeg', (progress) => told.push(progress), hub.door, pauses)
  return { upload, told, last: () => told.at(-1), phases: () => told.map((one) => one.phase) }
}

describe('an upload', () => {
  it('is sent in one piece where nothing breaks, tells how far it is, and ends with the object', async () => {
    const hub = new FakeUploads()
    const { upload, told, last } = uploading(hub)
    await upload.run()
    expect(hub.asked).toEqual(['POST', 'GET', 'PATCH 0', 'GET'])
    expect(told.map((one) => one.sent)).toContain(500)
    expect(last()).toEqual({ phase: 'done', sent: 1000, object: { object: '5c'.repeat(32), bytes: 1000, type: 'image/jpeg' } })
  })

  it('goes on from where the hub stands, however often the line is cut', async () => {
    const hub = new FakeUploads()
    hub.cuts = [300, 0, 250]
    const { upload, last, phases } = uploading(hub)
    await upload.run()
    expect(hub.asked.filter((one) => one.startsWith('PATCH'))).toEqual(['PATCH 0', 'PATCH 300', 'PATCH 300', 'PATCH 550'])
    expect(phases()).toContain('waiting')
    expect(last()?.phase).toBe('done')
    expect(hub.kept.size).toBe(1)
  })

  it('waits while the hub is away and goes on at once when told that the line is back', async () => {
    const hub = new FakeUploads()
    hub.down = true
    const { upload, last } = uploading(hub, [3_600_000])
    const running = upload.run()
    await expect.poll(() => last()?.phase).toBe('waiting')
    hub.down = false
    upload.goOn()
    await running
    expect(last()?.phase).toBe('done')
  })

  it.each([
    ['POST', 413, 'too_large'],
    ['POST', 429, 'too_many'],
    ['PATCH', 415, 'unsupported_media'],
    ['PATCH', 401, 'unauthenticated'],
  ])('ends when the hub says no to its %s with %i', async (method, status, code) => {
    const hub = new FakeUploads()
    hub.instead = [{ method, status, code }]
    const { upload, last } = uploading(hub)
    await upload.run()
    expect(last()?.phase).toBe('refused')
    expect(last()?.refusal?.code).toBe(code)
  })

  it.each([
    ['PATCH', 503, 'unavailable'],
    ['PATCH', 409, 'conflict'],
    ['GET', 503, 'unavailable'],
    ['GET', 404, 'not_found'],
  ])('outlives that its %s is answered with %i', async (method, status, code) => {
    const hub = new FakeUploads()
    hub.instead = [{ method, status, code }]
    const { upload, last } = uploading(hub)
    await upload.run()
    expect(last()?.phase).toBe('done')
  })

  it('is given up at once, and taken away at the hub', async () => {
    const hub = new FakeUploads()
    hub.hold = new Promise(() => undefined)
    const { upload, last, told } = uploading(hub)
    const running = upload.run()
    await expect.poll(() => hub.asked.at(-1)).toBe('PATCH 0')
    upload.cancel()
    await running
    await expect.poll(() => hub.kept.size).toBe(0)
    expect(last()?.phase).toBe('cancelled')
    const count = told.length
    upload.goOn()
    expect(told.length).toBe(count)
  })
})

describe('the type of a file', () => {
  it.each([
    ['名单.csv', 'application/vnd.ms-excel', 'text/csv'],
    ['水位.JPG', '', 'image/jpeg'],
    ['a', 'image/png', 'image/png'],
    ['a.exe', '', 'application/octet-stream'],
  ])('of %s, which the system calls "%s", is %s', (name, type, said) => {
    expect(typeOf({ name, type })).toBe(said)
  })

  it('is read under an address that holds at most a hundred characters of its name', () => {
    const name = new URL(addressOf({ object: 'ab', name: `${'水'.repeat(150)}.jpg` }), 'http://h').searchParams.get('name')
    expect(Array.from(name ?? '')).toHaveLength(100)
    expect(name?.endsWith('.jpg')).toBe(true)
  })
})
