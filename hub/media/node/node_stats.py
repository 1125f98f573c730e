"""What a node tells of itself every few seconds: traffic, load, and what it dropped."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hub.media.node.sfu import Sfu
    from hub.media.transport.peer import Peer
    from hub.media.transport.socket import UdpPort

#: How often it is told.
STATS_S: Final = 5.0
#: Reasons of dropped packets that are told by name; the rest is "other". Bounded, as each is a series of metrics.
MAX_REASONS: Final = 24
#: Counters of a peer that say that something was received and not used, or not sent though asked for.
_DROPS: Final = ("rtp_", "rtcp_", "srtp_", "dtls_", "out_", "nack_", "red_", "rtx_before")


class NodeStats:
    """Sums over the node, and its own load since it was last asked."""

    def __init__(self, sfu: Sfu, port: UdpPort, now: float) -> None:
        self._sfu = sfu
        sfu.on_peer_closed = self.peer_closed
        self._port = port
        self._asked_at = now
        self._cpu_s = time.process_time()
        self._lag_s = 0.0
        #: Of peers that are gone: totals must not fall when somebody leaves.
        self._bytes_out = self._packets_out = 0
        self._dropped: Counter[str] = Counter()

    def lagged(self, seconds: float) -> None:
        """The loop was so much late for something it was to do."""
        self._lag_s = max(self._lag_s, seconds)

    def peer_closed(self, peer: Peer) -> None:
        """A peer is gone: what it was sent and what was dropped of it still counts."""
        self._packets_out += peer.outlet.packets_sent
        self._bytes_out += peer.outlet.bytes_sent
        self._dropped.update(_drops(peer.counters))

    def take(self, now: float) -> dict[str, Any]:
        """The `stats` event of docs/link.md; load and lag are those since the last call."""
        cpu_s, took = time.process_time(), max(now - self._asked_at, 1e-3)
        peers = self._sfu.peers.values()
        routers = self._sfu.routers.values()
        dropped = Counter(self._dropped)
        for peer in peers:
            dropped.update(_drops(peer.counters))
        dropped.update(self._sfu.ingress.counters)
        counters = self._port.counters
        told = {
            "peers": len(self._sfu.peers),
            "publications": sum(len(router.publications) for router in routers),
            "subscriptions": sum(
                slot.publication is not None
                for router in routers
                for watcher in router.watchers.values()
                for slot in (*watcher.video, *watcher.audio)
            ),
            "packets_in": counters["received"],
            "packets_out": self._packets_out + sum(peer.outlet.packets_sent for peer in peers),
            "bytes_in": self._sfu.received_bytes,
            "bytes_out": self._bytes_out + sum(peer.outlet.bytes_sent for peer in peers),
            "loop_lag_ms": round(self._lag_s * 1000, 1),
            "cpu_share": round((cpu_s - self._cpu_s) / took, 3),
            "dropped": _bounded(dropped),
        }
        self._asked_at, self._cpu_s, self._lag_s = now, cpu_s, 0.0
        return told


def _drops(counters: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in counters.items() if name.startswith(_DROPS)}


def _bounded(dropped: Counter[str]) -> dict[str, int]:
    kept = dict(dropped.most_common(MAX_REASONS))
    rest = dropped.total() - sum(kept.values())
    if rest:
        kept["other"] = rest
    return kept
