/** On the console before a meeting: keys that check one's own devices, and the stations that are about to be called. */
import { shown } from '../shown'
import type { ConsolePart } from '../contract'
import LobbyKeys from './LobbyKeys.vue'

export default {
  lobby: ({ chosen, actions }) => shown(LobbyKeys, () => ({ chosen: chosen.value, actions })),
} satisfies ConsolePart
