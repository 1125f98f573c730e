/** What all features bring to the console with or without a meeting. */
import type { Shown } from './contract'
import type { ConsolePlace, LobbyPart, LobbyPlace } from './lobby.contract'

const PARTS = Object.values(import.meta.glob<LobbyPart>('./*/lobby.ts', { eager: true, import: 'default' }))

/** What stands beside choosing centers. */
export function lobbyOf(place: LobbyPlace): readonly Shown[] {
  return PARTS.flatMap((part) => part.lobby?.(place) ?? [])
}

/** The strips under the head of the page. */
export function stripsOf(place: ConsolePlace): readonly Shown[] {
  return PARTS.flatMap((part) => part.strip?.(place) ?? [])
}
