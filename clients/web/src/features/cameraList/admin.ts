/** Cameras in 管理: what the system administrator adds, changes, brings as lists. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [{ name: 'cameras', place: 25, says: 'cameraList.admin', duty: 'system', page: () => import('./CamerasSection.vue') }],
} satisfies AdminPart
