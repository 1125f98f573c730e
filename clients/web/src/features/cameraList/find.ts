/** Cameras that a text means, for the search of the frame; fetched when somebody searches. */
import { type Caller, readCameras } from '@/protocol/camerasApi'
import type { Shell } from '@/state/shell'

import type { Found } from '../rooms.contract'

const SHOWN = 6

export async function foundCameras(api: Caller, shell: Pick<Shell, 'go'>, q: string, kind: string): Promise<Found[]> {
  const { cameras } = await readCameras({ q, limit: SHOWN }, api)
  return cameras.map((one) => ({
    id: `camera ${one.camera}`,
    kind,
    text: one.name,
    more: one.path.slice(1).join(' › ') || one.center_name,
    press: () => {
      shell.go({ name: 'patrol-cameras-one', params: { camera: one.camera } })
    },
  }))
}
