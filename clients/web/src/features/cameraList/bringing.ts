/** A file of cameras on its way in: what its columns are, what was decided by hand, and what is still missing. */
import type { CameraColumnRole, CameraListAsked, CameraMatch } from '@/protocol/types'

export const ROLES = [
  'center', 'name', 'main', 'sub', 'user', 'password', 'code', 'kind', 'tags', 'place', 'important', 'ip', 'port', 'channel', 'vendor', 'onvif', 'lat', 'lon', 'out',
] as const satisfies readonly CameraColumnRole[]
/** Columns that may stand more than once. */
const OFTEN: ReadonlySet<CameraColumnRole> = new Set<CameraColumnRole>(['center', 'tags', 'out'])

export type Problem = 'columns' | 'center' | 'nothing' | 'unsure' | 'known'

/** Whether the columns are such as the hub takes: a name, an address or what makes one, nothing twice. */
export function columnsFit(roles: readonly CameraColumnRole[]): boolean {
  const single = roles.filter((role) => !OFTEN.has(role))
  const reached = roles.includes('main') || (roles.includes('ip') && roles.includes('vendor'))
  return roles.includes('name') && reached && new Set(single).size === single.length
}

/** What keeps the file from being loaded; undefined: nothing that is known. */
export function problemOf(roles: readonly CameraColumnRole[], whole: string | undefined, match: CameraMatch | undefined, leaveOut: boolean): Problem | undefined {
  if (!columnsFit(roles)) return 'columns'
  if (whole === undefined && !roles.includes('center')) return 'center'
  if (match === undefined) return undefined
  if (match.cameras === 0) return 'nothing'
  if (match.unsure_rows > 0 && !leaveOut) return 'unsure'
  return match.cameras === match.known ? 'known' : undefined
}

/** What the hub is asked. */
export function askedOf(roles: readonly CameraColumnRole[], decided: ReadonlyMap<string, string | null>, whole: string | undefined): CameraListAsked {
  return { columns: [...roles], mends: [...decided].map(([text, center]) => ({ text, center })), ...(whole !== undefined && { center: whole }) }
}

/** A → 0, B → 1, … as spreadsheets name columns. */
export function letterOf(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : `${letterOf(Math.floor(at / 26) - 1)}${letterOf(at % 26)}`
}
