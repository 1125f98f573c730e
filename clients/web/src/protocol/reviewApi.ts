/** What who reviews a meeting reads: marks, small pictures of recorded parts. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import type { Mark, MarksOfMeeting, SmallPictures } from './types'

/** By their moments, those that were taken back among them. */
export async function readMarks(api: Pick<Api, 'call'>, meeting: string): Promise<readonly Mark[]> {
  return (await api.call<MarksOfMeeting>('GET', `/meetings/${encodeURIComponent(meeting)}/marks`)).marks
}

/** `media`: the address of the part's media. Asked for the first time, they are made: `making`. */
export async function readSmallPictures(api: Pick<Api, 'call'>, media: string): Promise<SmallPictures> {
  return api.call('GET', `${media.replace(/^\/api\/v1/, '').replace(/\/media$/, '')}/small`)
}
