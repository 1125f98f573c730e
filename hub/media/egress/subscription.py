"""A slot of a viewer: one SSRC for its whole life, whatever publication plays in it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, Final

from hub.media.egress.forwarding import ALL_TEMPORAL, Forwarding, PayloadTypes
from hub.media.egress.lane import Lane
from hub.media.egress.repair import Repair, signed32
from hub.media.ingest.seams import Played
from hub.media.row.batch import Batch, Form
from hub.media.row.packet_cache import Packet
from hub.media.row.sequence_map import Stretch
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.outlet import Outlet

#: Two layers' clocks are believed when they agree this well with how the packets came.
_CLOCKS_AGREE_S: Final = 0.5


class Subscription:
    """Forwards one layer at a time into one slot; numbering and time stamps go on across switches.

    `layer` is what plays; `awaiting` what will play from its next key frame on (until then the old one goes
    on). Of what plays, temporal layers above `max_temporal` are left out. With `redundant` sound is sent as
    audio/red where that was negotiated. Owned by a Watcher or a relay, listed by the layers it plays or waits for.
    """

    def __init__(
        self,
        outlet: Outlet,
        stamp: HeaderStamp,
        clock_rate: int,
        ssrc: int,
        rtx_ssrc: int | None,
        first_seq: int,
        *,
        keeps_numbers: bool = False,
    ) -> None:
        """`first_seq` is the extended number of the slot's first packet; with `keeps_numbers` it is the source's."""
        self.outlet = outlet
        self.stamp = stamp
        self.clock_rate = clock_rate
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.lane = Lane(outlet.way, ssrc, first_seq)
        self.layer: Played | None = None
        self.awaiting: Played | None = None
        self.seen: object | None = None
        """The publication that began last in the slot: whose picture is still before the viewer, though another is to come."""
        self.loss_fraction = 0
        self._forwarding = Forwarding(outlet, stamp, ssrc, self.lane)
        self._repair = Repair(self._forwarding, clock_rate, rtx_ssrc, first_seq & 0x7FFF)
        self._awaiting_types = self._forwarding.types
        self._keeps_numbers = keeps_numbers

    # --- how it is sent -------------------------------------------------------------------------------

    @property
    def packets(self) -> int:
        """RTP packets sent, retransmissions not among them."""
        return self.lane.packets

    @property
    def octets(self) -> int:
        """Bytes of payload in these packets."""
        return self.lane.octets

    @property
    def last_at(self) -> float:
        """When the newest packet was sent; 0 before the first."""
        return self.lane.last_at

    @property
    def moved(self) -> Stretch[Played] | None:
        """By how much the packets of what plays are moved; None while nothing plays."""
        return self.lane.current

    @property
    def redundant(self) -> bool:
        """Whether sound is sent as audio/red where that was negotiated."""
        return self._forwarding.redundant

    @redundant.setter
    def redundant(self, redundant: bool) -> None:
        self._forwarding.redundant = redundant

    @property
    def max_temporal(self) -> int:
        """The highest temporal layer that is sent."""
        return self._forwarding.max_temporal

    @property
    def thinned(self) -> int:
        """Packets left out of higher temporal layers."""
        return self._forwarding.thinned

    def take_temporal(self, highest: int) -> None:
        """Send temporal layers up to `highest` from now on; going up begins where the codec allows it."""
        self._forwarding.take_temporal(highest)

    # --- Player: together with others -----------------------------------------------------------------

    @property
    def native_lane(self) -> Any:
        """Player: struct hub_lane."""
        return self.lane.native

    @property
    def group_key(self) -> int:
        """Player: the key it has last joined with."""
        return self.lane.group_key

    def form(self) -> Form | None:
        """Player: what the rows for this slot look like now; None while it cannot be sent anything."""
        return self._forwarding.form()

    def join(self, key: int) -> None:
        """Player: the compiled loop may serve rows of this key into the slot from now on."""
        self.lane.join(key, self._forwarding.max_temporal)

    # --- what plays -----------------------------------------------------------------------------------

    @property
    def target(self) -> Played | None:
        """What the slot is to show: what it waits for, else what plays."""
        return self.awaiting or self.layer

    def plays_of(self, publications: Container[object]) -> bool:
        """Whether what plays is a layer of one of these."""
        return self.layer is not None and self.layer.publication in publications

    def play(self, layer: Played, types: PayloadTypes, now: float) -> None:
        """Have `layer` play as soon as it can begin; until then what plays now goes on."""
        if self.awaiting is layer or (self.layer is layer and self.awaiting is None):
            return
        self._stop_waiting()
        if self.layer is layer:
            return
        self.awaiting, self._awaiting_types = layer, types
        layer.want(self, now)

    def clear(self) -> None:
        """Nothing plays in the slot and nothing is waited for."""
        self._stop_waiting()
        self._stop()
        self.seen = None

    def yield_line(self) -> None:
        """What plays is too much for the line and something smaller is awaited: until then send its lowest temporal layer
        alone, so that the key frame awaited finds room."""
        if self.awaiting is not None:
            self._forwarding.yield_line()

    def stop_sending(self) -> None:
        """What plays is too much for the line, whose queue is long: send nothing until what is awaited begins. What is in the
        queue is shown meanwhile, and all that were added would have to pass before the key frame awaited."""
        if self.awaiting is not None:
            self._stop()

    def _stop(self) -> None:
        self.lane.stop()
        layer, self.layer = self.layer, None
        if layer is not None:
            layer.leave(self)

    def begin(self, layer: Played, packet: Packet, now: float) -> None:
        """Player: `layer` plays from `packet` on (for video the first of a key frame)."""
        timestamp_delta = picture_delta = tl0_delta = 0
        found = self.lane.last()
        if found is not None:
            # Time goes on as it passed: a jump costs the viewer its length in frozen picture.
            last, stretch, old = found
            ticks = self._ticks_since(last, old, layer, packet, now)
            timestamp_delta = last.timestamp + stretch.timestamp_delta + ticks - packet.timestamp
            if last.picture_bits and packet.picture_bits:
                picture_delta = (last.picture_id + stretch.picture_delta + 1 - packet.picture_id) & 0x7FFF
            if last.tl0 >= 0 and packet.tl0 >= 0:
                tl0_delta = (last.tl0 + stretch.tl0_delta + 1 - packet.tl0) & 0xFF
        before, self.layer, self.awaiting = self.layer, layer, None
        self._forwarding.begin(self._awaiting_types)
        self.lane.begin(
            layer, packet, timestamp_delta, picture_delta, tl0_delta, keeps_number=self._keeps_numbers
        )
        self.outlet.newly_plays = True
        self.seen = layer.publication
        if before is not None:
            before.leave(self)

    def _ticks_since(
        self, last: Packet, old: Played | None, layer: Played, packet: Packet, now: float
    ) -> int:
        """Time stamp units from the last packet sent, of `old`, to the first of `layer`: by the source's clock if it is
        the same source's, else by arrival."""
        elapsed = now - self.last_at
        if old is not None and old.publication is layer.publication and old.clock and layer.clock:
            rate = self.clock_rate
            stood = old.clock.unix_s + signed32(last.timestamp - old.clock.timestamp) / rate
            stands = layer.clock.unix_s + signed32(packet.timestamp - layer.clock.timestamp) / rate
            if abs(stands - stood - elapsed) < _CLOCKS_AGREE_S:
                elapsed = stands - stood
        return max(1, int(elapsed * self.clock_rate))

    def hold(self, layer: Played) -> bool:
        """Player: what plays has to begin anew. True if the slot now waits for it (and not for something else)."""
        self.lane.stop()
        self.layer = None
        if self.awaiting is not None:
            return False
        self.awaiting, self._awaiting_types = layer, self._forwarding.types
        return True

    def forget(self, layer: Played) -> None:
        """Player: the layer is gone; it cannot be asked for packets any more."""
        if self.layer is layer:
            self.lane.stop()
            self.layer = self.seen = None
            self.outlet.newly_plays = True
        if self.awaiting is layer:
            self.awaiting = None
            self._forwarding.stop_yielding()
        self.lane.forget(layer)

    def _stop_waiting(self) -> None:
        awaiting, self.awaiting = self.awaiting, None
        self._forwarding.stop_yielding()
        if awaiting is not None and awaiting is not self.layer:
            awaiting.leave(self)

    # --- packets --------------------------------------------------------------------------------------

    def forward(self, batch: Batch, now: float) -> None:
        """Player: packets of the layer that plays have come."""
        self._forwarding.forward(batch, now)

    def resend(self, asked: Sequence[int], now: float) -> bool:
        """Answer a NACK for these 16-bit numbers. False if only a key frame can mend it: the budget is used up, or what is
        missing is long past and no key frame has come since."""
        return self._repair.resend(asked, self.layer, now)

    def probe(self, sizes: Sequence[int], now: float) -> int:
        """Send what was sent last once more by RTX, so many bytes; see Repair.probe. Returns the bytes sent."""
        return self._repair.probe(sizes, now)

    def dump(self) -> dict[str, object]:
        """The slot for people."""
        max_temporal = self.max_temporal
        return {
            "ssrc": self.ssrc,
            "plays": self.layer.label if self.layer else None,
            "awaits": self.awaiting.label if self.awaiting else None,
            "max_temporal": max_temporal if max_temporal != ALL_TEMPORAL else None,
            "redundant": self.redundant,
            "thinned": self.thinned,
            "packets": self.packets,
            "octets": self.octets,
            "loss_fraction": self.loss_fraction,
        }
