/** 巡查: walls of cameras, and one camera by itself. Lists of cameras and rounds of patrol stand in the same room. */
import type { RoomPart } from '../rooms.contract'

export default {
  place: 60,
  path: '/patrol',
  says: 'cameras.room',
  icon: 'M3 7h12v10H3zM15 10l6-3v10l-6-3',
  roles: ['leader', 'dispatcher'],
  pages: [
    { path: '', name: 'patrol', page: () => import('./WallPage.vue') },
    { path: 'camera/:camera', name: 'patrol-camera', page: () => import('./CameraPage.vue') },
  ],
} satisfies RoomPart
