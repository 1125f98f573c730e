/** The directory of cameras, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { CameraAddresses, CameraChange, CameraCounts, CameraHere, CameraKind, CameraNew, CameraPage, CameraState, CameraTag } from './types'

export type Caller = Pick<Api, 'call'>
export const PAGE = 50
const of = (id: string): string => `/cameras/${encodeURIComponent(id)}`

/** What cameras are wanted. */
export interface CameraQuery {
  center?: string | undefined
  /** `no`: those of the center alone. */
  below?: 'yes' | 'no' | undefined
  q?: string | undefined
  tag?: string | undefined
  kind?: CameraKind | undefined
  state?: CameraState | 'failing' | undefined
  important?: 'yes' | undefined
  shared?: 'yes' | undefined
  /** `yes`: only such as one may watch. */
  watch?: 'yes' | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

export async function readCameras(query: CameraQuery, api: Caller): Promise<CameraPage> {
  return api.call('GET', withQuery('/cameras', { limit: PAGE, ...query }))
}

export async function readCamera(id: string, api: Caller): Promise<CameraHere> {
  return api.call('GET', of(id))
}

/** The center itself and those right below it; without one, one's own. */
export async function readCameraCounts(parent: string | undefined, api: Caller): Promise<CameraCounts> {
  return api.call('GET', withQuery('/cameras/counts', { parent }))
}

export async function readCameraTags(api: Caller): Promise<CameraTag[]> {
  return (await api.call<{ tags: CameraTag[] }>('GET', '/cameras/tags')).tags
}

/** For who manages it; the password is told to nobody. */
export async function readAddresses(id: string, api: Caller): Promise<CameraAddresses> {
  return api.call('GET', `${of(id)}/addresses`)
}

export async function addCamera(camera: Partial<CameraNew> & Pick<CameraNew, 'center' | 'name' | 'main'>, api: Caller): Promise<CameraHere> {
  return api.call('POST', '/cameras', camera)
}

export async function changeCamera(id: string, change: Partial<CameraChange>, api: Caller): Promise<CameraHere> {
  return api.call('PATCH', of(id), change)
}

export async function removeCamera(id: string, api: Caller): Promise<void> {
  await api.call<undefined>('DELETE', of(id))
}
