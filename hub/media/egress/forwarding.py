"""Packets of what plays into a slot: numbered, protected, sent; temporal layers left out, sound made redundant."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from hub.media.egress.lane import Lane
from hub.media.ingest.seams import Played
from hub.media.row.batch import Batch, Form
from hub.media.row.packet_cache import Packet
from hub.media.row.redundancy import with_redundancy
from hub.media.row.sequence_map import Stretch
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.outlet import Outlet
from hub.media.transport.srtp import MAX_RTP_BYTES, WHOLE_RTP_BYTES

_U16: Final = struct.Struct(">H")
#: No temporal layer is left out.
ALL_TEMPORAL: Final = 99


@dataclass(frozen=True, slots=True)
class PayloadTypes:
    """How a codec is numbered towards this viewer: its payload type, those of its RTX and RED, if negotiated."""

    media: int
    rtx: int | None
    red: int | None = None


class Forwarding:
    """The packet path of one slot. Temporal layers above `max_temporal` are left out; `same_since`: all under this number
    and later ones was sent as it would be now."""

    def __init__(self, outlet: Outlet, stamp: HeaderStamp, ssrc: int, lane: Lane) -> None:
        self.outlet = outlet
        self.stamp = stamp
        self.ssrc = ssrc
        self.lane = lane
        self.types = PayloadTypes(0, None)
        self.max_temporal = ALL_TEMPORAL
        self.thinned = 0
        self.same_since = 0
        self._redundant = False
        self._wanted_temporal = ALL_TEMPORAL
        self._yielding = False
        self._thinned_picture = -1

    # --- how it is sent -------------------------------------------------------------------------------

    @property
    def redundant(self) -> bool:
        """Whether sound is sent as audio/red where that was negotiated."""
        return self._redundant

    @redundant.setter
    def redundant(self, redundant: bool) -> None:
        if redundant != self._redundant:
            self._redundant = redundant
            self._sent_otherwise()

    def begin(self, types: PayloadTypes) -> None:
        """Another layer plays, whose packets have these payload types; of it all is sent that is wanted."""
        if types != self.types:
            self.types = types
            self._sent_otherwise()
        self._yielding = False
        self.max_temporal = self._wanted_temporal

    def _sent_otherwise(self) -> None:
        self.lane.part()
        self.same_since = self.lane.newest_out + 1

    def take_temporal(self, highest: int) -> None:
        """Send temporal layers up to `highest` from now on; going up begins where the codec allows it."""
        self._wanted_temporal = highest
        self._limit(highest)

    def yield_line(self) -> None:
        """Send the lowest temporal layer alone until something else begins, or nothing else is awaited any more."""
        self._yielding = True
        self._limit(0)

    def stop_yielding(self) -> None:
        """Nothing else is awaited: what plays may have its higher temporal layers again."""
        self._yielding = False

    def _limit(self, highest: int) -> None:
        self.max_temporal = min(self.max_temporal, highest)
        self.lane.native.max_temporal = self.max_temporal

    def form(self) -> Form | None:
        """What the rows for this slot look like now; None while it cannot be sent anything."""
        outlet, types = self.outlet, self.types
        session = outlet.session
        if session is None or outlet.address is None or self.lane.current is None:
            return None
        red = types.red if self._redundant else None
        return Form(self.stamp, types.media, red, session.tag_bytes, outlet.buffer)

    # --- packets of what plays ------------------------------------------------------------------------

    def forward(self, batch: Batch, now: float) -> None:
        """Number, protect and send packets of the layer that plays.

        This is the inner loop of the hub in Python: 60 viewers are 60 calls. What it does for each packet is one
        `pack_into` and libsrtp; for each run of equal lengths one system call. The same loop stands in
        native/fan_out.c, which serves all the viewers it can before this is called for the others. Budget of one
        packet to one viewer in a run of six: 2.5 µs here and in libsrtp, 2 µs in the kernel (loopback).
        """
        lane, outlet = self.lane, self.outlet
        stretch = lane.current
        session, address = outlet.session, outlet.address
        if stretch is None or session is None or address is None:
            return
        stamp, buffer, types = self.stamp, outlet.buffer, self.types
        layout = None
        if (
            batch.whole
            and batch.first_seq >= stretch.source_first
            and batch.top_temporal <= self.max_temporal
        ):
            red = types.red if self._redundant else None
            layout = batch.layout(stamp, types.media, red, session.tag_bytes, buffer)
        if layout is None:
            for packet in batch.packets:
                self._forward_one(packet, stretch.source, now)
            return
        view, cell = buffer.view, buffer.length
        view[: layout.sealed_bytes] = layout.data
        if stretch.picture_delta or stretch.tl0_delta:
            for packet, body in zip(batch.packets, layout.bodies, strict=True):
                if packet.picture_bits:
                    _rewrite_picture(view, body, packet, stretch)
        protect, handle = session.protect_call, session.handle
        write, ssrc, entries = stamp.numbers.pack_into, self.ssrc, layout.entries()
        seq_delta, timestamp_delta = stretch.seq_delta, stretch.timestamp_delta
        highest = lane.take(batch.newest.seq + seq_delta)
        refused = 0
        if stamp.transport_at:
            transport_head, transport_seq = stamp.transport_head, outlet.transport_seq
            for at, seq, timestamp, length, pointer in entries:
                transport_seq = (transport_seq + 1) & 0xFFFF
                out, moved = (seq + seq_delta) & 0xFFFF, (timestamp + timestamp_delta) & 0xFFFF_FFFF
                write(view, at, out, moved, ssrc, transport_head, transport_seq)
                cell[0] = length
                refused |= protect(handle, pointer, cell)
            outlet.log_sent(layout.sizes, now)
            outlet.transport_seq = transport_seq
        else:
            for at, seq, timestamp, length, pointer in entries:
                out, moved = (seq + seq_delta) & 0xFFFF, (timestamp + timestamp_delta) & 0xFFFF_FFFF
                write(view, at, out, moved, ssrc)
                cell[0] = length
                refused |= protect(handle, pointer, cell)
        if refused:
            # Part of the row is not sealed: none of it may leave. Only a numbering far back does this.
            outlet.counters["out_srtp_refused"] += len(entries)
            return
        send_run = outlet.port.send_run
        for run, segment in layout.runs:
            send_run(run, segment, address)
        outlet.count_sent(len(entries), layout.sealed_bytes)
        lane.sent(len(entries), layout.octets, batch.newest if highest else None, stretch, now)

    def _forward_one(self, packet: Packet, layer: Played, now: float) -> None:
        """What does not fit a row: packets to leave out, late packets of before a gap that was closed."""
        lane = self.lane
        if not packet.payload:
            lane.leave_out(packet.seq)
            return
        if packet.temporal > self.max_temporal and not self._may_rise(packet):
            self._thin(packet)
            return
        stretch = lane.place(layer, packet.seq)
        if stretch is None:
            self.outlet.counters["out_before_switch"] += 1
            return
        out = packet.seq + stretch.seq_delta
        payload_type, before = self.as_in_rows(packet, stretch)
        if not self._fits(packet, before):
            return
        highest = lane.take(out)
        marker_and_type = packet.marker | payload_type
        if self.send(packet, stretch, marker_and_type, out & 0xFFFF, self.ssrc, before, now):
            octets = len(before) + len(packet.payload)
            lane.sent(1, octets, packet if highest else None, stretch, now)

    def _may_rise(self, packet: Packet) -> bool:
        """Whether the temporal layer of `packet` is wanted and may be taken from here on."""
        if self._yielding:
            return False
        if packet.temporal <= self._wanted_temporal and packet.switch_up:
            self.max_temporal = packet.temporal
            return True
        return False

    def _thin(self, packet: Packet) -> None:
        """Leave out a picture of a temporal layer that this viewer does not get; ids of pictures go on."""
        begins = packet.picture_id != self._thinned_picture
        if self.lane.leave_out(packet.seq, 1 if begins and packet.picture_bits else 0):
            self._thinned_picture = packet.picture_id
        self.thinned += 1

    # --- one packet by itself -------------------------------------------------------------------------

    def as_in_rows(self, packet: Packet, stretch: Stretch[Played]) -> tuple[int, bytes]:
        """The payload type under which a packet is sent, and what then stands before its payload: the RED blocks."""
        types = self.types
        if types.red is None or not self._redundant:
            return types.media, b""
        cache, room = stretch.source.cache, WHOLE_RTP_BYTES - self.stamp.length
        payload = with_redundancy(packet, cache, types.media, room)
        return types.red, payload[: len(payload) - len(packet.payload)]

    def _fits(self, packet: Packet, before: bytes) -> bool:
        if self.stamp.length + len(before) + len(packet.payload) <= MAX_RTP_BYTES:
            return True
        self.outlet.counters["out_rtp_too_long"] += 1
        return False

    def send(
        self,
        packet: Packet,
        stretch: Stretch[Played],
        marker_and_type: int,
        seq: int,
        ssrc: int,
        before: bytes,
        now: float,
    ) -> bool:
        """Send one packet, moved by `stretch`, as `seq` of `ssrc`, with `before` in front of its payload. Whether it left.

        A number of the slot's own SSRC has been taken of its lane before, or was sealed for the same packet.
        """
        outlet, stamp = self.outlet, self.stamp
        if not self._fits(packet, before):
            return False
        view = outlet.buffer.view
        body = stamp.length + len(before)
        end = body + len(packet.payload)
        timestamp = (packet.timestamp + stretch.timestamp_delta) & 0xFFFF_FFFF
        stamp.write(view, marker_and_type, seq, timestamp, ssrc)
        view[stamp.length : body] = before
        view[body:end] = packet.payload
        if packet.picture_bits:
            _rewrite_picture(view, body, packet, stretch)
        if stamp.transport_at:
            _U16.pack_into(view, stamp.transport_at, outlet.next_transport_seq(end, now))
        return outlet.send_rtp(0, end)


def _rewrite_picture(view: memoryview, body: int, packet: Packet, stretch: Stretch[Played]) -> None:
    """Move picture id and TL0PICIDX of a VP8 or VP9 payload that begins at `body`."""
    picture = packet.picture_id + stretch.picture_delta
    if packet.picture_bits == 15:
        _U16.pack_into(view, body + packet.picture_at, 0x8000 | (picture & 0x7FFF))
    else:
        view[body + packet.picture_at] = picture & 0x7F
    if packet.tl0 >= 0:
        view[body + packet.tl0_at] = (packet.tl0 + stretch.tl0_delta) & 0xFF
