"""Whose turn it is in each tick of a node.

Publishers have one each time. Viewers have less to do: theirs comes every VIEWER_TICKS, and about once a second it is the one
in which those whose lines are settled are looked at. They come in packs: what is done for many in a row costs each a fraction
of what it costs with other work in between, as code and tables are in the processor's cache by then; but the packs are not
large, because packets wait behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hub.media.transport.peer import Peer

#: A viewer's turn comes every so many ticks …
VIEWER_TICKS: Final = 10
#: … and the one of settled viewers so often (at the first turn after it).
STEADY_S: Final = 1.0
#: Viewers in a pack; more where there would be more packs than this.
PACK: Final = 20
MAX_PACKS: Final = 50


class _Pack:
    """Viewers who have their turns together, and when the next one of the settled among them is due."""

    __slots__ = ("due", "peers")

    def __init__(self, peers: list[Peer], due: float) -> None:
        self.peers = peers
        self.due = due


class Rota:
    """The turns of these peers from `now` on; to be made anew when one comes or goes. Without any it is false."""

    def __init__(self, peers: Iterable[Peer] = (), now: float = 0.0) -> None:
        self._publishers: list[Peer] = []
        viewers: list[Peer] = []
        for peer in peers:
            (self._publishers if peer.direction == "publish" else viewers).append(peer)
        self._turns: list[list[_Pack]] = [[] for _ in range(VIEWER_TICKS)]
        count = min(MAX_PACKS, -(-len(viewers) // PACK))
        for index in range(count):
            # Spread over the ticks, and those of the same ticks over the second.
            pack = _Pack(viewers[index::count], now + STEADY_S * index / count)
            self._turns[index * VIEWER_TICKS // min(count, VIEWER_TICKS) % VIEWER_TICKS].append(pack)
        self._some = bool(self._publishers or viewers)

    def __bool__(self) -> bool:
        return self._some

    def turn(self, tick: int, now: float) -> Iterator[tuple[Peer, bool]]:
        """Who is to tick, and whether it is the turn in which he is looked at if he is settled."""
        for peer in self._publishers:
            yield peer, False
        for pack in self._turns[tick % VIEWER_TICKS]:
            steady = now >= pack.due
            if steady:
                pack.due = max(pack.due + STEADY_S, now + STEADY_S / 2)
            for peer in pack.peers:
                yield peer, steady
