/** Kinds of the audit, in groups that one filters by; and what an entry is about, in one phrase. */
import type { Audit, Entry } from '@/protocol/types'

const of = (what: string, ...done: readonly string[]): readonly string[] => done.map((each) => `${what}.${each}`)

export const GROUPS = {
  signIns: [...of('session', 'signed_in', 'signed_out', 'ended', 'withdrawn'), ...of('sign_in', 'failed'), ...of('account', 'unlocked'), ...of('device', 'issued', 'bound', 'withdrawn')],
  looks: [...of('recording', 'viewed', 'downloaded'), ...of('evidence', 'taken')],
  accounts: of('account', 'created', 'changed', 'disabled', 'enabled', 'deleted', 'signed_out', 'password_set', 'passwords_reset'),
  centers: [...of('center', 'created', 'changed', 'removed', 'imported'), ...of('directory', 'adopted'), ...of('hub', 'begun')],
  security: [...of('policy', 'changed'), ...of('second_factor', 'enrolled', 'codes_made', 'recovery_used', 'reset'), ...of('right', 'proposed', 'approved', 'rejected', 'lapsed')],
  copies: of('copy', 'asked_back', 'released', 'returned'),
  backups: of('backup', 'begun', 'made', 'failed', 'verification_begun', 'verified', 'removed', 'restored'),
  custody: [...of('retention', 'set'), ...of('disposal', 'asked', 'approved', 'rejected', 'completed')],
  audit: of('audit', 'searched', 'exported', 'verification_begun', 'verified'),
} as const
export type Group = keyof typeof GROUPS

export type People = Audit['people']

/** Message key of what this kind is called. */
export function kindKey(kind: string): string {
  return `audit.kinds.${kind.replace('.', '_')}`
}

/** Name and user name of an account; its id where it is gone, nothing for the hub itself. */
export function personOf(people: People, account: string): string {
  const found = people[account]
  return found === undefined ? account : `${found.name}（${found.username}）`
}

/** What a verification of the journal found. */
export interface Verified {
  readonly at: string
  readonly ended: 'whole' | 'findings' | 'failed' | 'interrupted'
  readonly entries: number
  readonly checkpoints: number
  readonly parts: number
  readonly objects: number
  readonly findings: number
  readonly first: readonly string[]
}

/** What a verification told, as it was written. */
export function verifiedOf(entry: Entry | null): Verified | undefined {
  return entry === null ? undefined : { at: entry.at, ...(entry.data as unknown as Omit<Verified, 'at'>) }
}

/** Whether a kind tells of something that went wrong. */
export function isBad(kind: string): boolean {
  return kind.endsWith('.failed')
}

/** Who did it: the hub itself tells of sign-ins and looks, and means whose they are. */
export function doerOf(entry: Entry): string {
  const { account } = entry.data as Readonly<Record<string, unknown>>
  const tells = /^(session\.signed|recording\.|evidence\.|audit\.(searched|exported))/.test(entry.kind)
  return tells && typeof account === 'string' ? account : entry.actor.account
}

/** Whom or what it is about, in one phrase; empty where the kind says it all. */
export function aboutOf(entry: Entry, people: People): string {
  const data = entry.data as Readonly<Record<string, unknown>>
  const words: string[] = []
  const { account } = data
  if (typeof account === 'string' && account !== doerOf(entry)) words.push(personOf(people, account))
  for (const name of ['title', 'backup'] as const) if (typeof data[name] === 'string') words.push(data[name])
  for (const list of ['failures', 'accounts'] as const) {
    const rows = data[list]
    if (!Array.isArray(rows)) continue
    const ids = rows.flatMap((row: unknown) => (typeof row === 'object' && row !== null && 'account' in row && typeof row.account === 'string' ? [row.account] : []))
    words.push(...ids.slice(0, 3).map((id) => personOf(people, id)))
    if (ids.length > 3) words.push('…')
  }
  if (typeof data['network'] === 'string') words.push(data['network'])
  if (entry.kind.startsWith('center.') && typeof data['name'] === 'string') words.push(data['name'])
  return words.join(' · ')
}
