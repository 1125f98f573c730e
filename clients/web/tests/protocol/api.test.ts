import { describe, expect, it } from 'vitest'

import { Api } from '@/protocol/api'
import { Refused, Unreachable } from '@/protocol/refusal'
import { SecurityApi } from '@/protocol/securityApi'

function apiWith(respond: (url: string, init?: RequestInit) => Response): { api: Api; urls: string[] } {
  const urls: string[] = []
  const api = new Api(async (url, init) => {
    urls.push(`${init?.method ?? 'GET'} ${url}`)
    return Promise.resolve(respond(url, init))
  })
  return { api, urls }
}
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers })

describe('the API', () => {
  it('asks with the words that have a value', async () => {
    const { api, urls } = apiWith(() => json({ meetings: [], next: null }))
    await api.meetings({ q: '坦渡 村', limit: 20 })
    expect(urls).toEqual(['GET /api/v1/meetings?q=%E5%9D%A6%E6%B8%A1+%E6%9D%91&limit=20'])
  })

  it('raises what the hub refuses, with code, field and time to wait', async () => {
    const { api } = apiWith(() =>
      json({ error: { code: 'too_many', message: 'slow down', field: 'username' } }, 429, { 'retry-after': '90' }),
    )
    const error: unknown = await new SecurityApi(api).signIn('x', 'y').catch((one: unknown) => one)
    expect(error).toBeInstanceOf(Refused)
    expect(error).toMatchObject({ code: 'too_many', field: 'username', retryAfterMs: 90_000 })
  })

  it('raises Unreachable for no answer, and for an answer that is not the hub', async () => {
    const dead = new Api(() => Promise.reject(new TypeError('failed to fetch')))
    await expect(dead.session()).rejects.toBeInstanceOf(Unreachable)
    const { api } = apiWith(() => new Response('<html>bad gateway</html>', { status: 502 }))
    await expect(api.session()).rejects.toBeInstanceOf(Unreachable)
    const other = apiWith(() => json({ detail: 'no' }, 500))
    await expect(other.api.session()).rejects.toBeInstanceOf(Unreachable)
  })

  it('takes an empty answer for done', async () => {
    const { api } = apiWith(() => new Response(null, { status: 204 }))
    await expect(api.signOut()).resolves.toBeUndefined()
  })
})
