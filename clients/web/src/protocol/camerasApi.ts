/** The directory of cameras, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { CameraAddresses, CameraChange, CameraCounts, CameraHere, CameraImport, CameraKind, CameraListAsked, CameraListDraft, CameraLoadAsked, CameraMatch, CameraNew, CameraPage, CameraProbe, CameraProbed, CameraState, CameraTag } from './types'

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

export async function addCamera(camera: Partial<CameraNew> & Pick<CameraNew, 'center' | 'name'>, api: Caller): Promise<CameraHere> {
  return api.call('POST', '/cameras', camera)
}

export async function changeCamera(id: string, change: Partial<CameraChange>, api: Caller): Promise<CameraHere> {
  return api.call('PATCH', of(id), change)
}

export async function removeCamera(id: string, api: Caller): Promise<void> {
  await api.call<undefined>('DELETE', of(id))
}

/** Look at a camera now: as it is, or with what is given instead. */
export async function probeCamera(asked: Partial<CameraProbe>, api: Caller): Promise<CameraProbed['facts']> {
  return (await api.call<CameraProbed>('POST', '/cameras/probe', asked)).facts
}

/** Address of the list as a file; no address and no password of a camera is in it. */
export function camerasFile(format: 'csv' | 'xlsx'): string {
  return `/api/v1${withQuery('/cameras/export', { format })}`
}

export async function bringCameras(file: Blob, api: Caller): Promise<CameraListDraft> {
  return api.call('POST', '/cameras/drafts', file)
}

const draftOf = (id: string): string => `/cameras/drafts/${encodeURIComponent(id)}`

export async function readCameraDraft(id: string, api: Caller): Promise<CameraListDraft> {
  return api.call('GET', draftOf(id))
}

export async function forgetCameraDraft(id: string, api: Caller): Promise<void> {
  await api.call<undefined>('DELETE', draftOf(id))
}

/** What would come of a file; nothing is written. */
export async function matchCameras(id: string, asked: CameraListAsked, api: Caller): Promise<CameraMatch> {
  return api.call('POST', `${draftOf(id)}/match`, asked)
}

export async function loadCameras(id: string, asked: CameraLoadAsked, api: Caller): Promise<void> {
  await api.call('POST', `${draftOf(id)}/load`, asked)
}

/** Imports that can be taken back, the newest first. */
export async function readImports(api: Caller): Promise<CameraImport[]> {
  return (await api.call<{ imports: CameraImport[] }>('GET', '/cameras/imports')).imports
}

/** Take an import back as a whole; how many cameras went. */
export async function undoImport(batch: string, api: Caller): Promise<number> {
  return (await api.call<{ cameras: number }>('DELETE', `/cameras/imports/${encodeURIComponent(batch)}`)).cameras
}
