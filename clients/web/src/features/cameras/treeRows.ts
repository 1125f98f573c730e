/** The tree of centers that have cameras, with the cameras below them, as rows. Pure. */
import type { CameraCount, CameraHere } from '@/protocol/types'

/** In place of a center: cameras of others that are shared with one's own. */
export const SHARED = 'shared'

export interface CameraRow {
  readonly center: { readonly code: string; readonly parent: string | null; readonly name: string }
  readonly depth: number
  readonly open: boolean
  readonly hasChildren: boolean
  /** Undefined for a center. */
  readonly camera?: CameraHere
  /** Of a center and all below it. */
  readonly count?: CameraCount
}

export interface Known {
  /** By center that was unfolded: itself, and those right below it. */
  readonly counts: ReadonlyMap<string, readonly CameraCount[]>
  /** The cameras of a center itself, or of SHARED. */
  readonly cameras: ReadonlyMap<string, readonly CameraHere[]>
  readonly opened: ReadonlySet<string>
  readonly root: string
  /** How many cameras of others are shared with one's own center, and what their row is called. */
  readonly shared: number
  readonly sharedName: string
}

/** Centers without cameras are left out. */
export function rowsOf({ counts, cameras, opened, root, shared, sharedName }: Known): CameraRow[] {
  const rows: CameraRow[] = []
  function walk(count: CameraCount, parent: string | null, depth: number): void {
    const open = opened.has(count.center)
    rows.push({ center: { code: count.center, parent, name: count.name }, depth, open, hasChildren: true, count })
    if (!open) return
    for (const camera of cameras.get(count.center) ?? []) rows.push(rowOf(camera, depth + 1))
    for (const child of counts.get(count.center)?.slice(1) ?? []) if (child.cameras > 0) walk(child, count.center, depth + 1)
  }
  const top = counts.get(root)?.[0]
  if (top !== undefined) walk(top, null, 0)
  if (shared > 0) {
    const open = opened.has(SHARED)
    rows.push({ center: { code: SHARED, parent: null, name: sharedName }, depth: 0, open, hasChildren: true })
    if (open) for (const camera of cameras.get(SHARED) ?? []) rows.push(rowOf(camera, 1))
  }
  return rows
}

export function rowOf(camera: CameraHere, depth: number): CameraRow {
  return { center: { code: camera.camera, parent: camera.center, name: camera.name }, depth, open: false, hasChildren: false, camera }
}
