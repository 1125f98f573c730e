/** Calls about the audit, and about how the hub fares: parts, storage, backups. */
import { type Api, withQuery } from './api'
import { isRefusalBody, Refused, Unreachable } from './refusal'
import type { Audit, AuditProof, AuditStanding, BackupList, Copies, DamagedFiles, Health, MeetingCopies, Storage } from './types'

/** What is looked for in the audit; empty: whatever it is. Times are ISO 8601. */
export interface AuditQuery {
  /** Kinds, comma-separated. */
  kind?: string
  /** Account id. */
  who?: string
  center?: string
  from?: string
  to?: string
  q?: string
}

export type ExportForm = 'csv' | 'xlsx' | 'jsonl'

/** Each raises Refused or Unreachable. */
export class UpkeepApi {
  constructor(private readonly api: Pick<Api, 'call'>) {}

  async audit(query: AuditQuery & { before?: number; limit?: number }): Promise<Audit> {
    return this.api.call('GET', withQuery('/audit', { ...query }))
  }

  /** What one did oneself. */
  async own(query: { before?: number; limit?: number }): Promise<Audit> {
    return this.api.call('GET', withQuery('/audit/own', { ...query }))
  }

  async proof(seq: number): Promise<AuditProof> {
    return this.api.call('GET', `/audit/entries/${String(seq)}`)
  }

  /** Files that are not what the journal tells. */
  async damaged(): Promise<DamagedFiles> {
    return this.api.call('GET', '/health/damaged')
  }

  async standing(): Promise<AuditStanding> {
    return this.api.call('GET', '/audit/standing')
  }

  async health(): Promise<Health> {
    return this.api.call('GET', '/health')
  }

  async storage(): Promise<Storage> {
    return this.api.call('GET', '/health/storage')
  }

  /** The second copy. */
  async copies(): Promise<Copies> {
    return this.api.call('GET', '/health/copies')
  }

  async backups(): Promise<BackupList> {
    return this.api.call('GET', '/health/backups')
  }

  /** The file, and how many bytes have come so far. `signal` ends it. */
  async exported(query: AuditQuery & { form: ExportForm; lang: 'zh' | 'en' }, came: (bytes: number) => void, signal: AbortSignal): Promise<{ file: Blob; name: string }> {
    let response: Response
    try {
      response = await fetch(withQuery('/api/v1/audit/export', { ...query }), { credentials: 'same-origin', signal })
      if (response.ok && response.body !== null) return await taken(response, response.body, came)
    } catch (cause) {
      throw new Unreachable('the audit was not read to its end', { cause })
    }
    const body: unknown = await response.json().catch(() => undefined)
    if (isRefusalBody(body)) throw new Refused(body.error.code, body.error.message, body.error.field)
    throw new Unreachable(`the audit was not read: ${String(response.status)}`)
  }
}

/** How the files of one meeting stand in the second copy. */
export const meetingCopies = (api: Pick<Api, 'call'>, meeting: string): Promise<MeetingCopies> => api.call('GET', `/meetings/${encodeURIComponent(meeting)}/copies`)

async function taken(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>, came: (bytes: number) => void): Promise<{ file: Blob; name: string }> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    pieces.push(value)
    bytes += value.length
    came(bytes)
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'audit'
  return { file: new Blob(pieces), name }
}
