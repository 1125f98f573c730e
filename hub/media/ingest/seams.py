"""Between a layer and those who play it: what either needs of the other, so that neither has to know what the other is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from hub.media.ingest.keyframes import KeyFrameManager
from hub.media.row.batch import Batch, Form
from hub.media.row.packet_cache import Packet, PacketCache
from hub.media.transport.outlet import Outlet


@dataclass(frozen=True, slots=True)
class SourceClock:
    """From a sender report: at `unix_s` of the hub's wall clock the source's media stood at `timestamp`."""

    unix_s: float
    timestamp: int


class Player(Protocol):
    """What a layer and its fleet need of who plays it or waits for it (a subscription)."""

    @property
    def outlet(self) -> Outlet:
        """Where it sends to."""

    @property
    def native_lane(self) -> Any:
        """struct hub_lane: what the compiled fan-out counts on."""

    @property
    def group_key(self) -> int:
        """The key it has last joined with."""

    def form(self) -> Form | None:
        """What the rows for it look like now; None while it cannot be sent anything."""

    def join(self, key: int) -> None:
        """The compiled loop may serve rows of this key to it from now on."""

    def begin(self, layer: Played, packet: Packet, now: float) -> None:
        """`layer` plays from `packet` on (for video the first of a key frame)."""

    def forward(self, batch: Batch, now: float) -> None:
        """Packets of the layer that plays have come."""

    def hold(self, layer: Played) -> bool:
        """What plays has to begin anew. True if it now waits for it (and not for something else)."""

    def forget(self, layer: Played) -> None:
        """The layer is gone; it cannot be asked for packets any more."""


class Played(Protocol):
    """What a player, and who chooses for it, need of a layer."""

    @property
    def publication(self) -> object:
        """Tells tracks apart, by identity."""

    @property
    def kind(self) -> str:
        """`audio` or `video`."""

    @property
    def label(self) -> str:
        """Its name for people."""

    @property
    def rank(self) -> int:
        """Its place among the layers of its publication: 0 is the smallest picture."""

    @property
    def heard_at(self) -> float:
        """When anything came of it last."""

    @property
    def key_seq(self) -> int:
        """The newest packet that a viewer can begin with."""

    @property
    def cache(self) -> PacketCache:
        """What can be sent again."""

    @property
    def clock(self) -> SourceClock | None:
        """The source's clock, as far as it was told."""

    @property
    def key_frames(self) -> KeyFrameManager:
        """Where a key frame is asked for."""

    def want(self, player: Player, now: float) -> None:
        """`player` waits for this to begin."""

    def leave(self, player: Player) -> None:
        """`player` neither plays this nor waits for it any more."""
