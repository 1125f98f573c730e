/** Entries of the audit in words: who did it, whom it is about; amounts of bytes as people read them. */
import { describe, expect, it } from 'vitest'

import { aboutOf, doerOf, GROUPS, kindKey, type People } from '@/features/audit/kinds'
import zh from '@/features/audit/house.zh'
import { bytesText } from '@/parts/bytes'
import type { Entry } from '@/protocol/types'

const PEOPLE: People = { a_wang: { username: 'wang', name: '王某', role: 'leader', center: '430600000000' } }

function entry(kind: string, data: object, account = 'system'): Entry {
  const made = { seq: 1, at: '2026-11-29T08:00:00.000000Z', actor: { account, center: '' }, kind, meeting: null, audience: ['house'], data, alg: 'sha256', prev: '', hash: '' }
  return made as unknown as Entry
}

describe('an entry of the audit', () => {
  it('names who looked at a recording, though the hub told of it', () => {
    const look = entry('recording.viewed', { account: 'a_wang', title: '防汛', network: '127.0.0.0/24' })
    expect(doerOf(look)).toBe('a_wang')
    expect(aboutOf(look, PEOPLE)).toBe('防汛 · 127.0.0.0/24')
  })

  it('names whom an administrator meant, and whose password was guessed', () => {
    expect(doerOf(entry('account.disabled', { account: 'a_wang' }, 'a_admin'))).toBe('a_admin')
    expect(aboutOf(entry('account.disabled', { account: 'a_wang' }, 'a_admin'), PEOPLE)).toBe('王某（wang）')
    expect(aboutOf(entry('sign_in.failed', { failures: [{ account: 'a_wang' }, { account: null }] }), PEOPLE)).toBe('王某（wang）')
  })

  it('of every kind has a name', () => {
    const names: Record<string, string> = zh.kinds
    for (const kind of Object.values(GROUPS).flat()) expect(names[kindKey(kind).split('.').at(-1) ?? ''], kind).toBeTruthy()
  })
})

describe('bytes', () => {
  it.each([[0, '0 B'], [1023, '1023 B'], [1536, '1.5 KB'], [1 << 20, '1.0 MB'], [252 * 2 ** 30, '252 GB']])('%d are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })
})
