/** On the console before a meeting: keys that check one's own devices, and the stations that are about to be called. */
import { shown } from '../shown'
import type { LobbyPart } from '../lobby.contract'
import LobbyKeys from './LobbyKeys.vue'

export default {
  lobby: ({ chosen, actions }) => shown(LobbyKeys, () => ({ chosen: chosen.value, actions })),
} satisfies LobbyPart
