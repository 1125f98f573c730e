"""Pictures of sources that heed no request for a key frame (cameras): who joins is sent what has come since the last one.

Browsers decode such a burst at once and are at the present picture with it; a key frame without its followers would leave
them with none.
"""

from __future__ import annotations

from collections.abc import Sequence

from hub.media.ingest.seams import Played, Player
from hub.media.row.batch import MAX_PACKETS, Batch
from hub.media.row.packet_cache import REPLAYED_PACKETS, VIDEO_PACKETS, Packet, PacketCache


class Replay:
    """What is kept of one layer for who joins. `packets` counts what was sent so."""

    def __init__(self) -> None:
        self.packets = 0
        self._kept_from = -1

    def key_frame(self, cache: PacketCache, seq: int) -> None:
        """One begins: nobody is sent again what came long before it."""
        end = seq - VIDEO_PACKETS
        first = max(self._kept_from, end - REPLAYED_PACKETS, 0)
        if first < end:
            cache.forget(first, end)
            self._kept_from = end

    def begin(
        self,
        layer: Played,
        player: Player,
        newest: int,
        pending: Sequence[Packet],
        now: float,
    ) -> bool:
        """Have `player` begin with the last key frame and all up to `newest`, but for what is pending and comes to all soon.

        False where that is not there any more, or is about to come by itself.
        """
        cache, key = layer.cache, layer.key_seq
        first = cache.get(key) if key >= 0 else None
        if first is None or not first.payload:
            return False
        end = min((packet.seq for packet in pending), default=newest + 1)
        found = (cache.get(seq) for seq in range(key, end))
        packets = [packet for packet in found if packet is not None and packet.payload]
        if not packets:
            return False
        player.begin(layer, first, now)
        for start in range(0, len(packets), MAX_PACKETS):
            player.forward(Batch(packets[start : start + MAX_PACKETS], cache), now)
        self.packets += len(packets)
        return True
