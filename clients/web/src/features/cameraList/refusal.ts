/** Why the hub refused something about cameras: the words for it, and the field that it is about. */
import { Refused } from '@/protocol/refusal'

/** Key of the own words and a key of why, where there are such; undefined: as elsewhere. */
export function whyCamera(error: unknown): { key: string; why: string } | undefined {
  if (!(error instanceof Refused) || error.field === undefined) return undefined
  const field = error.field
  if (field === 'main' || field === 'sub' || field === 'onvif') {
    const why = error.code === 'conflict' ? 'taken' : error.code === 'unprocessable' ? 'network' : 'form'
    return { key: `refused.${field}`, why: `refused.${why}` }
  }
  return field === 'code' || field === 'center' ? { key: `refused.${field}`, why: '' } : undefined
}
