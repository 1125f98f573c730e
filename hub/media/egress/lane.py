"""A slot's numbers, given out by Python and by the compiled fan-out alike.

A number names what is sealed under it: AES-GCM breaks when one is used twice for different bytes. So both sides count in
one place. Every method here first takes over what the compiled loop has sent, and every one that changes how numbers move
shuts it out until it joins anew: nobody who uses a lane has to think of either.
"""

from __future__ import annotations

from typing import Any

from hub.media.ingest.seams import Played
from hub.media.native.slab import slab
from hub.media.row.packet_cache import Packet
from hub.media.row.sequence_map import SequenceMap, Stretch


class Lane:
    """The numbering of one slot. `group_key` is the key under which the compiled loop was last let in."""

    def __init__(self, way: Any, ssrc: int, first_out: int) -> None:
        """`way` is the struct hub_way of the slot's outlet, `first_out` the extended number of its first packet."""
        #: struct hub_lane of native/fan_out.h.
        self.native: Any = slab.new("struct hub_lane *")
        self.native.way = way
        self.native.ssrc = ssrc
        self.group_key = 0
        self._map = SequenceMap[Played](first_out)
        self._begun = False
        self._last: Packet | None = None
        self._last_stretch: Stretch[Played] | None = None
        self._last_layer: Played | None = None

    # --- what was sent --------------------------------------------------------------------------------

    @property
    def packets(self) -> int:
        """RTP packets sent, retransmissions not among them."""
        return int(self.native.packets)

    @property
    def octets(self) -> int:
        """Bytes of payload in these packets."""
        return int(self.native.octets)

    @property
    def last_at(self) -> float:
        """When the newest packet was sent; 0 before the first."""
        return float(self.native.last_at)

    @property
    def newest_out(self) -> int:
        """The highest extended number given out; one less than the first before that."""
        self._settle()
        return self._map.newest_out

    def last(self) -> tuple[Packet, Stretch[Played], Played | None] | None:
        """The newest packet sent, how it was moved, and of which layer it is (None: that has ended)."""
        self._settle()
        last, stretch = self._last, self._last_stretch
        return (last, stretch, self._last_layer) if last is not None and stretch is not None else None

    # --- giving out numbers ---------------------------------------------------------------------------

    @property
    def current(self) -> Stretch[Played] | None:
        """How the packets of what plays are moved; None while nothing does."""
        return self._map.current

    def take(self, out: int) -> bool:
        """`out` (extended) and all before it are given out; whether it is the highest so far. To be called before anything
        is sealed under it: what is sealed and then fails to leave has used its number all the same."""
        self._settle()
        self._begun = True
        if out <= self._map.newest_out:
            return False
        self._map.newest_out = out
        return True

    def sent(
        self, packets: int, octets: int, newest: Packet | None, stretch: Stretch[Played], now: float
    ) -> None:
        """So many packets have left. `newest` is the last of them, moved by `stretch`, if its number was the highest."""
        native = self.native
        native.packets += packets
        native.octets += octets
        if newest is not None:
            native.last_at = now
            self._last, self._last_stretch, self._last_layer = newest, stretch, stretch.source

    def begin(
        self,
        layer: Played,
        packet: Packet,
        timestamp_delta: int,
        picture_delta: int,
        tl0_delta: int,
        *,
        keeps_number: bool = False,
    ) -> None:
        """`layer` plays from `packet` on, which gets the next number; its own if `keeps_number` and it is the slot's first."""
        self.part()
        if keeps_number and not self._begun:
            self._map.newest_out = packet.seq - 1
        self._map.begin(layer, packet.seq, timestamp_delta, picture_delta, tl0_delta)

    def stop(self) -> None:
        """Nothing plays; what was sent can still be asked for."""
        self.part()
        self._map.stop()

    def leave_out(self, source_seq: int, pictures: int = 0) -> bool:
        """The newest packet of what plays is not passed on (see SequenceMap.leave_out)."""
        self.part()
        return self._map.leave_out(source_seq, pictures)

    def forget(self, layer: Played) -> None:
        """A layer has ended: nothing of it can be asked for again."""
        self.part()
        if self._last_layer is layer:
            self._last_layer = None
        self._map.forget(layer)

    # --- finding numbers ------------------------------------------------------------------------------

    def place(self, layer: Played, source_seq: int) -> Stretch[Played] | None:
        """How a late packet is moved; None if it was before the switch."""
        self._settle()
        return self._map.place(layer, source_seq)

    def back(self, out_seq16: int) -> tuple[Stretch[Played], int] | None:
        """Which packet of which layer left as this 16-bit number: how it was moved, its extended number."""
        self._settle()
        return self._map.back(out_seq16)

    # --- the compiled loop ----------------------------------------------------------------------------

    def join(self, key: int, max_temporal: int) -> None:
        """Let the compiled loop send rows of this key, up to this temporal layer; not while nothing plays."""
        self._settle()
        native, stretch = self.native, self._map.current
        if stretch is None:
            return
        native.key = self.group_key = key
        native.newest_out = self._map.newest_out
        native.source_first, native.seq_delta = stretch.source_first, stretch.seq_delta
        native.timestamp_delta = stretch.timestamp_delta
        native.picture_delta, native.tl0_delta = stretch.picture_delta & 0xFFFF, stretch.tl0_delta & 0xFF
        native.max_temporal = max_temporal

    def part(self) -> None:
        """Shut the compiled loop out until it joins again."""
        self._settle()
        self.native.key = 0

    def _settle(self) -> None:
        """Take over what the compiled loop has sent since it joined or since the last time."""
        newest = self.native.newest_out
        if newest <= self._map.newest_out:
            return  # as good as always where Python forwards
        stretch = self._map.current
        if stretch is None or not self.native.key:
            return
        self._begun = True
        self._map.newest_out = newest
        last = stretch.source.cache.get(newest - stretch.seq_delta)
        if last is not None:
            self._last, self._last_stretch, self._last_layer = last, stretch, stretch.source
