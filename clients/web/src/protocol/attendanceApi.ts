/** Calls about who came to a meeting. */
import type { Api } from './api'
import type { Attendance } from './types'

const path = (meeting: string): string => `/meetings/${encodeURIComponent(meeting)}/attendance`

/** Where it is fetched as a file. */
export function attendancePath(meeting: string, format: 'csv' | 'xlsx'): string {
  return `/api/v1${path(meeting)}/file?format=${format}`
}

/** Who came, who declined, who was absent. Raises Refused or Unreachable. */
export async function readAttendance(api: Pick<Api, 'call'>, meeting: string): Promise<Attendance> {
  return api.call('GET', path(meeting))
}
