import { expect, it } from 'vitest'

import { PhoneHub } from '@/features/grid/hub'

const DAY = { seq: 7, at: '2026-11-30T08:00:00.000000Z', grids: [], cards: [], sweeps: [], rows: [], errands: [], tasks: [], orders: [], lists: [], list_rows: [], doors: [], said: [], team: [] }

/** A hub with one day; `asked` holds by what each call said that the phone has it. */
function hubOf(tag: string): { hub: PhoneHub; asked: (string | null)[] } {
  const asked: (string | null)[] = []
  const hub = new PhoneHub(async (_input, init) => {
    const held = new Headers(init?.headers).get('If-None-Match')
    asked.push(held)
    const headers = { ETag: tag, 'Lianxian-Seq': '9', 'Content-Type': 'application/json' }
    return Promise.resolve(held === tag ? new Response(null, { status: 304, headers }) : new Response(JSON.stringify(DAY), { headers }))
  })
  return { hub, asked }
}

it('says which day it has, and keeps that where there is no other', async () => {
  const { hub, asked } = hubOf('W/"a-1"')
  const first = await hub.work()
  expect(first).toMatchObject({ seq: 7, tag: 'W/"a-1"' })
  // Of which entry it is true is told each time: what was sent meanwhile is proven by it.
  expect(await hub.work(first)).toEqual({ ...first, seq: 9 })
  const told = { ...first, heard: expect.any(Number) as number }
  expect(await hub.work({ ...first, tag: 'W/"a-0"' })).toEqual(told)
  // What a page of before kept has no tag.
  expect(await hub.work({ ...first, tag: undefined })).toEqual(told)
  expect(asked).toEqual([null, 'W/"a-1"', 'W/"a-0"', null])
})
