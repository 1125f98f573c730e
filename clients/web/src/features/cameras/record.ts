/** How entries of cameras and walls are told: none of them belongs to a meeting. */
import type { RecordPart } from '../contract'

export default {
  entries: {
    'wall.saved': { untold: 'outside of meetings' },
    'wall.removed': { untold: 'outside of meetings' },
    'camera.pictured': { untold: 'outside of meetings; the page of its camera shows it' },
  },
} satisfies RecordPart
