/** Pictures that the hub makes of cameras, and who watched them, by the hub's HTTP API. */
import { Api, withQuery } from './api'
import type { CameraLooks, CameraPictures, Entry } from './types'

export type Pictured = Extract<Entry, { kind: 'camera.pictured' }>
type Caller = Pick<Api, 'call'>

/** Have the hub make a picture of what the camera shows now. Raises Refused, Unreachable. */
export async function takePicture(camera: string, api: Caller = new Api()): Promise<Pictured> {
  return api.call('POST', `/cameras/${camera}/pictures`, {})
}

/** The newest first, as far as one may read them. */
export async function readPictures(camera: string, limit = 24, api: Caller = new Api()): Promise<readonly Pictured[]> {
  const { entries } = await api.call<CameraPictures>('GET', withQuery(`/cameras/${camera}/pictures`, { limit }))
  return entries.filter((one): one is Pictured => one.kind === 'camera.pictured')
}
/** The latest first, a minute at a time. `before`: the `next` of the page before. */
export async function readLooks(camera: string, before: number | undefined, api: Caller = new Api()): Promise<CameraLooks> {
  return api.call('GET', withQuery(`/cameras/${camera}/looks`, { before, limit: 100 }))
}
