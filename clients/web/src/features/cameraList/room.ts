/** 摄像头 in 巡查: all cameras in sight as a list, one of them whole. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./CamerasPage.vue')

export default {
  place: 61,
  path: '/patrol/cameras',
  within: '/patrol',
  says: 'cameraList.room',
  icon: 'M3 7h12v10H3zM15 10l6-3v10l-6-3',
  roles: ['leader', 'dispatcher'],
  pages: [
    { path: '', name: 'patrol-cameras', page },
    { path: ':camera', name: 'patrol-cameras-one', page },
  ],
} satisfies RoomPart
