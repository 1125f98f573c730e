"""A slot of a viewer: one SSRC for its whole life, whatever publication plays in it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.media.ingest.seams import Played
from hub.media.native.slab import slab
from hub.media.row.batch import Batch, Form
from hub.media.row.packet_cache import Packet
from hub.media.row.redundancy import with_redundancy
from hub.media.row.sequence_map import SequenceMap, Stretch
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.outlet import Outlet
from hub.media.transport.srtp import MAX_RTP_BYTES, WHOLE_RTP_BYTES

_U16: Final = struct.Struct(">H")
VIDEO_CLOCK_RATE: Final = 90_000
#: No temporal layer is left out.
ALL_TEMPORAL: Final = 99
#: A packet asked for again within this time of its last retransmission, or this share of a round trip, is on its way
#: already: Chromium asks every 100 ms however long the line is.
RESEND_PAUSE_S: Final = 0.02
RESEND_PAUSE_ROUND_TRIPS: Final = 0.8
#: Asked for again within this time, its retransmission was lost too: it is sent twice then.
RESEND_TWICE_S: Final = 1.0
#: A picture older than this is past. Repaired, it would have the viewer's browser take its line for one that delays by so
#: much: Chromium then holds every picture back for seconds. A key frame brings the picture at once.
PAST_S: Final = 1.0
#: Packets repeated for one probe at most.
_PROBE_PACKETS: Final = 40
#: Two layers' clocks are believed when they agree this well with how the packets came.
_CLOCKS_AGREE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class PayloadTypes:
    """How a codec is numbered towards this viewer: its payload type, those of its RTX and RED, if negotiated."""

    media: int
    rtx: int | None
    red: int | None = None


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
        self.map = SequenceMap[Played](first_seq)
        self.layer: Played | None = None
        self.awaiting: Played | None = None
        self.max_temporal = ALL_TEMPORAL
        #: struct hub_lane of native/fan_out.h: what the compiled loop counts on, and under which key it was told.
        self.lane: Any = slab.new("struct hub_lane *")
        self.lane.way = outlet.way
        self.lane.ssrc = ssrc
        self.group_key = 0
        self._redundant = False
        self.types = PayloadTypes(0, None)
        self.awaiting_types = self.types
        self.thinned = 0
        self.loss_fraction = 0
        self._rtx_seq = first_seq & 0x7FFF
        self._last: Packet | None = None
        self._last_stretch: Stretch[Played] | None = None
        self._last_layer: Played | None = None
        self._keeps_numbers = keeps_numbers
        self._wanted_temporal = ALL_TEMPORAL
        self._thinned_picture = -1
        self._yielding = False
        self._resent: dict[int, float] = {}
        #: All under this number and later ones was sent as it would be now.
        self._same_since = 0

    # --- shared with the compiled loop ----------------------------------------------------------------

    @property
    def native_lane(self) -> Any:
        """Player: struct hub_lane."""
        return self.lane

    @property
    def packets(self) -> int:
        """RTP packets sent, retransmissions not among them."""
        return int(self.lane.packets)

    @property
    def octets(self) -> int:
        """Bytes of payload in these packets."""
        return int(self.lane.octets)

    @property
    def last_at(self) -> float:
        """When the newest packet was sent; 0 before the first."""
        return float(self.lane.last_at)

    @property
    def redundant(self) -> bool:
        """Whether sound is sent as audio/red where that was negotiated."""
        return self._redundant

    @redundant.setter
    def redundant(self, redundant: bool) -> None:
        if redundant != self._redundant:
            self._redundant = redundant
            self._part()
            self._same_since = self.map.newest_out + 1

    def form(self) -> Form | None:
        """What the rows for this slot look like now; None while it cannot be sent anything."""
        outlet, types = self.outlet, self.types
        session = outlet.session
        if session is None or outlet.address is None or self.map.current is None:
            return None
        red = types.red if self._redundant else None
        return Form(self.stamp, types.media, red, session.tag_bytes, outlet.buffer)

    def join(self, key: int) -> None:
        """The compiled loop may serve rows of this key into the slot from now on."""
        self.settle()
        lane, stretch = self.lane, self.map.current
        if stretch is None:
            return
        lane.key = self.group_key = key
        lane.newest_out = self.map.newest_out
        lane.source_first, lane.seq_delta = stretch.source_first, stretch.seq_delta
        lane.timestamp_delta = stretch.timestamp_delta
        lane.picture_delta, lane.tl0_delta = stretch.picture_delta & 0xFFFF, stretch.tl0_delta & 0xFF
        lane.max_temporal = self.max_temporal

    def settle(self) -> None:
        """Take over what the compiled loop has sent; before the map is asked or changed."""
        newest, stretch, layer = int(self.lane.newest_out), self.map.current, self.layer
        if not self.lane.key or newest <= self.map.newest_out or stretch is None or layer is None:
            return
        self.map.newest_out = newest
        self._last_stretch, self._last_layer = stretch, layer
        self._last = layer.cache.get(newest - stretch.seq_delta) or self._last

    def _part(self) -> None:
        """The compiled loop may serve nothing into the slot until it joins again."""
        self.settle()
        self.lane.key = 0

    # --- what plays -----------------------------------------------------------------------------------

    @property
    def target(self) -> Played | None:
        """What the slot is to show: what it waits for, else what plays."""
        return self.awaiting or self.layer

    def play(self, layer: Played, types: PayloadTypes, now: float) -> None:
        """Have `layer` play as soon as it can begin; until then what plays now goes on."""
        if self.awaiting is layer or (self.layer is layer and self.awaiting is None):
            return
        self._stop_waiting()
        if self.layer is layer:
            return
        self.awaiting, self.awaiting_types = layer, types
        layer.want(self, now)

    def clear(self) -> None:
        """Nothing plays in the slot and nothing is waited for."""
        self._stop_waiting()
        self._part()
        layer, self.layer = self.layer, None
        self.map.stop()
        if layer is not None:
            layer.leave(self)

    def take_temporal(self, highest: int) -> None:
        """Send temporal layers up to `highest` from now on; going up begins where the codec allows it."""
        self._wanted_temporal = highest
        self.max_temporal = min(self.max_temporal, highest)
        self.lane.max_temporal = self.max_temporal

    def yield_line(self) -> None:
        """What plays is too much for the line and something smaller is awaited: until then send its lowest temporal layer
        alone, so that the key frame awaited finds room."""
        self._yielding = True
        self.max_temporal = min(self.max_temporal, 0)
        self.lane.max_temporal = self.max_temporal

    def stop_sending(self) -> None:
        """What plays is too much for the line, whose queue is long: send nothing until what is awaited begins. What is in the
        queue is shown meanwhile, and all that were added would have to pass before the key frame awaited."""
        layer = self.layer
        if layer is not None and self.awaiting is not None:
            self._part()
            self.map.stop()
            self.layer = None
            layer.leave(self)

    def begin(self, layer: Played, packet: Packet, now: float) -> None:
        """`layer` plays from `packet` on (for video the first of a key frame). Called by it."""
        self._part()
        last, stretch = self._last, self._last_stretch
        timestamp_delta = picture_delta = tl0_delta = 0
        if last is not None and stretch is not None:
            # Time goes on as it passed: a jump costs the viewer its length in frozen picture.
            ticks = self._ticks_since(last, layer, packet, now)
            timestamp_delta = last.timestamp + stretch.timestamp_delta + ticks - packet.timestamp
            if last.picture_bits and packet.picture_bits:
                picture_delta = (last.picture_id + stretch.picture_delta + 1 - packet.picture_id) & 0x7FFF
            if last.tl0 >= 0 and packet.tl0 >= 0:
                tl0_delta = (last.tl0 + stretch.tl0_delta + 1 - packet.tl0) & 0xFF
        elif self._keeps_numbers:
            self.map.newest_out = packet.seq - 1
        before, self.layer = self.layer, layer
        self.awaiting, self.types = None, self.awaiting_types
        self._yielding = False
        self.max_temporal = self._wanted_temporal
        self.map.begin(layer, packet.seq, timestamp_delta, picture_delta, tl0_delta)
        self.outlet.newly_plays = True
        if before is not None:
            before.leave(self)

    def _ticks_since(self, last: Packet, layer: Played, packet: Packet, now: float) -> int:
        """Time stamp units from the last packet sent to the first of `layer`: by the source's clock if it is the
        same source's, else by arrival."""
        elapsed = now - self.last_at
        old = self._last_layer
        if old is not None and old.publication is layer.publication and old.clock and layer.clock:
            rate = self.clock_rate
            stood = old.clock.unix_s + _signed32(last.timestamp - old.clock.timestamp) / rate
            stands = layer.clock.unix_s + _signed32(packet.timestamp - layer.clock.timestamp) / rate
            if abs(stands - stood - elapsed) < _CLOCKS_AGREE_S:
                elapsed = stands - stood
        return max(1, int(elapsed * self.clock_rate))

    def hold(self, layer: Played) -> bool:
        """What plays has to begin anew. True if the slot now waits for it (and not for something else)."""
        self._part()
        self.map.stop()
        self.layer = None
        if self.awaiting is not None:
            return False
        self.awaiting, self.awaiting_types = layer, self.types
        return True

    def forget(self, layer: Played) -> None:
        """The layer is gone; it cannot be asked for packets any more."""
        self._part()
        if self.layer is layer:
            self.map.stop()
            self.layer = None
        if self.awaiting is layer:
            self.awaiting = None
        if self._last_layer is layer:
            self._last_layer = None
        self.map.forget(layer)

    def _stop_waiting(self) -> None:
        awaiting, self.awaiting = self.awaiting, None
        if awaiting is not None and awaiting is not self.layer:
            awaiting.leave(self)

    # --- the packet path ------------------------------------------------------------------------------

    def forward(self, batch: Batch, now: float) -> None:
        """Number, protect and send packets of the publication that plays.

        This is the inner loop of the hub in Python: 60 viewers are 60 calls. What it does for each packet is one
        `pack_into` and libsrtp; for each run of equal lengths one system call. The same loop stands in
        native/fan_out.c, which serves all the viewers it can before this is called for the others. Budget of one
        packet to one viewer in a run of six: 2.5 µs here and in libsrtp, 2 µs in the kernel (loopback).
        """
        self.settle()
        stretch = self.map.current
        outlet = self.outlet
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
                self._forward_one(packet, now)
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
        lane = self.lane
        lane.packets += len(entries)
        lane.octets += layout.octets
        newest = batch.newest.seq + seq_delta
        if newest > self.map.newest_out:
            self.map.newest_out = newest
            lane.last_at = now
            self._last, self._last_stretch = batch.newest, stretch
            self._last_layer = self.layer

    def _forward_one(self, packet: Packet, now: float) -> None:
        """What does not fit a row: packets to leave out, late packets of before a gap that was closed."""
        if not packet.payload:
            self.map.leave_out(packet.seq)
            return
        if packet.temporal > self.max_temporal and not self._may_rise(packet):
            self._thin(packet)
            return
        stretch = self.map.place(self.layer, packet.seq) if self.layer is not None else None
        if stretch is None:
            self.outlet.counters["out_before_switch"] += 1
            return
        out = packet.seq + stretch.seq_delta
        payload_type, before = self._as_in_rows(packet, stretch)
        if not self._send(
            packet, stretch, packet.marker | payload_type, out & 0xFFFF, self.ssrc, before, now
        ):
            return
        lane = self.lane
        lane.packets += 1
        lane.octets += len(before) + len(packet.payload)
        if out > self.map.newest_out:
            self.map.newest_out = out
            lane.last_at = now
            self._last, self._last_stretch = packet, stretch
            self._last_layer = self.layer

    def _may_rise(self, packet: Packet) -> bool:
        """Whether the temporal layer of `packet` is wanted and may be taken from here on."""
        if self._yielding and self.awaiting is not None:
            return False
        if packet.temporal <= self._wanted_temporal and packet.switch_up:
            self.max_temporal = packet.temporal
            return True
        return False

    def _thin(self, packet: Packet) -> None:
        """Leave out a picture of a temporal layer that this viewer does not get; ids of pictures go on."""
        begins = packet.picture_id != self._thinned_picture
        if self.map.leave_out(packet.seq, 1 if begins and packet.picture_bits else 0):
            self._thinned_picture = packet.picture_id
        self.thinned += 1

    def _as_in_rows(self, packet: Packet, stretch: Stretch[Played]) -> tuple[int, bytes]:
        """The payload type under which a packet is sent, and what then stands before its payload: the RED blocks."""
        types = self.types
        if types.red is None or not self._redundant:
            return types.media, b""
        cache, room = stretch.source.cache, WHOLE_RTP_BYTES - self.stamp.length
        payload = with_redundancy(packet, cache, types.media, room)
        return types.red, payload[: len(payload) - len(packet.payload)]

    def _send(
        self,
        packet: Packet,
        stretch: Stretch[Played],
        marker_and_type: int,
        seq: int,
        ssrc: int,
        before: bytes,
        now: float,
    ) -> bool:
        """Send one packet by itself, with `before` in front of its payload."""
        outlet, stamp = self.outlet, self.stamp
        view = outlet.buffer.view
        body = stamp.length + len(before)
        end = body + len(packet.payload)
        if end > MAX_RTP_BYTES:
            outlet.counters["out_rtp_too_long"] += 1
            return False
        timestamp = (packet.timestamp + stretch.timestamp_delta) & 0xFFFF_FFFF
        stamp.write(view, marker_and_type, seq, timestamp, ssrc)
        view[stamp.length : body] = before
        view[body:end] = packet.payload
        if packet.picture_bits:
            _rewrite_picture(view, body, packet, stretch)
        if stamp.transport_at:
            _U16.pack_into(view, stamp.transport_at, outlet.next_transport_seq(end, now))
        return outlet.send_rtp(0, end)

    # --- repair ---------------------------------------------------------------------------------------

    def resend(self, asked: Sequence[int], now: float) -> bool:
        """Answer a NACK for these 16-bit numbers. False if only a key frame can mend it: the budget is used up, or what is
        missing is long past and no key frame has come since."""
        self.settle()
        lost = False
        outlet = self.outlet
        stamp_changes = self.stamp.transport_at > 0
        pause = RESEND_PAUSE_S
        if outlet.estimator is not None:
            pause = max(pause, outlet.estimator.rtt_s * RESEND_PAUSE_ROUND_TRIPS)
        for number in asked:
            outlet.counters["nack_asked"] += 1
            place = self.map.back(number)
            if place is None:
                outlet.counters["nack_unknown"] += 1
                continue
            stretch, source_seq = place
            if stretch.source is not self.layer and self.clock_rate == VIDEO_CLOCK_RATE:
                # The key frame of the switch needs nothing before it; its line may be full already.
                outlet.counters["nack_before_switch"] += 1
                continue
            packet = stretch.source.cache.get(source_seq)
            if packet is None or not packet.payload or source_seq < stretch.source_first:
                outlet.counters["nack_not_cached"] += 1
                continue
            if packet.temporal > self.max_temporal:
                # It was to be left out, but a packet before it was missing: its picture id is another's by now.
                outlet.counters["nack_thinned"] += 1
                continue
            if self._past(packet):
                outlet.counters["nack_past"] += 1
                lost |= source_seq > stretch.source.key_seq
                continue
            if self.types.rtx is None:
                if stamp_changes:
                    outlet.counters["nack_without_rtx"] += 1
                    continue
                if source_seq + stretch.seq_delta < self._same_since:
                    outlet.counters["nack_before_redundancy"] += 1
                    continue
            since = now - self._resent.get(number, 0.0)
            if since < pause:
                outlet.counters["nack_too_soon"] += 1
                continue
            size = len(packet.payload) + 60
            if not outlet.may_resend(size, now):
                outlet.counters["nack_over_budget"] += 1
                return False
            if len(self._resent) > 1024:
                self._resent.clear()
            self._resent[number] = now
            self._send_again(packet, stretch, number, now)
            if since < RESEND_TWICE_S and self.types.rtx is not None and outlet.may_resend(size, now):
                self._send_again(packet, stretch, number, now)
        return not lost

    def _past(self, packet: Packet) -> bool:
        """Whether what was sent last is so much newer that nobody waits for this any more."""
        last = self._last
        return last is not None and _signed32(last.timestamp - packet.timestamp) > PAST_S * self.clock_rate

    def probe(self, sizes: Sequence[int], now: float) -> int:
        """Send what was sent last once more by RTX, to find out what the line takes (RFC 4588 allows it, receivers
        drop what they have). Returns the bytes sent, 0 without RTX or before anything was sent.

        Long after the picture was taken away the last packet is all that is left of it, and is sent again and again:
        without probes it would never come back.
        """
        self.settle()
        last, stretch = self._last, self._last_stretch
        if self.types.rtx is None or last is None or stretch is None:
            return 0
        cache = self._last_layer.cache if self._last_layer is not None else None
        kept = cache is not None and cache.get(last.seq) is not None
        sent, left, seq = 0, sum(sizes), last.seq
        for _ in range(_PROBE_PACKETS):
            packet = cache.get(seq) if kept and cache is not None else last
            if left <= 0 or packet is None or seq < stretch.source_first:
                break
            if packet.payload and (not kept or packet.temporal <= self.max_temporal):
                self._send_again(packet, stretch, (seq + stretch.seq_delta) & 0xFFFF, now)
                size = len(packet.payload) + 2 + self.stamp.length
                sent, left = sent + size, left - size
                self.outlet.counters["probes"] += 1
            seq -= kept
        return sent

    def _send_again(self, packet: Packet, stretch: Stretch[Played], number: int, now: float) -> None:
        if self.types.rtx is not None and self.rtx_ssrc is not None:
            # RFC 4588: its own SSRC and numbering, the original number before the payload.
            self._rtx_seq = (self._rtx_seq + 1) & 0xFFFF
            original = number.to_bytes(2, "big")
            marker_and_type = packet.marker | self.types.rtx
            sent = self._send(packet, stretch, marker_and_type, self._rtx_seq, self.rtx_ssrc, original, now)
        else:
            # The very same packet, bit for bit: under GCM the same number with other bytes breaks the key.
            payload_type, before = self._as_in_rows(packet, stretch)
            again = packet.marker | payload_type
            sent = self._send(packet, stretch, again, number, self.ssrc, before, now)
        if sent:
            self.outlet.counters["resent"] += 1

    def dump(self) -> dict[str, object]:
        """The slot for people."""
        return {
            "ssrc": self.ssrc,
            "plays": self.layer.label if self.layer else None,
            "awaits": self.awaiting.label if self.awaiting else None,
            "max_temporal": self.max_temporal if self.max_temporal != ALL_TEMPORAL else None,
            "redundant": self.redundant,
            "thinned": self.thinned,
            "packets": self.packets,
            "octets": self.octets,
            "loss_fraction": self.loss_fraction,
        }


def _signed32(value: int) -> int:
    return ((value + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000


def _rewrite_picture(view: memoryview, body: int, packet: Packet, stretch: Stretch[Played]) -> None:
    """Move picture id and TL0PICIDX of a VP8 or VP9 payload that begins at `body`."""
    picture = packet.picture_id + stretch.picture_delta
    if packet.picture_bits == 15:
        _U16.pack_into(view, body + packet.picture_at, 0x8000 | (picture & 0x7FFF))
    else:
        view[body + packet.picture_at] = picture & 0x7F
    if packet.tl0 >= 0:
        view[body + packet.tl0_at] = (packet.tl0 + stretch.tl0_delta) & 0xFF
