/** The rooms that features bring. In everybody's first load: pages are fetched when they are opened. */
import type { RoomPart } from './rooms.contract'

export const ROOMS: readonly RoomPart[] = Object.values(import.meta.glob<RoomPart>('./*/room.ts', { eager: true, import: 'default' }))
