/** 巡查 in the rail, and what commands and entries of walls are called; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Patrol',
  command: { 'wall.save': 'keeping a wall of cameras', 'wall.remove': 'removing a wall of cameras' },
  entry: { 'wall.saved': 'Wall of cameras kept', 'wall.removed': 'Wall of cameras removed', 'camera.pictured': 'Picture of a camera' },
} satisfies Translated<typeof zh>
