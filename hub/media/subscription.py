"""A slot of a viewer: one SSRC for its whole life, whatever publication plays in it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hub.media.batch import Batch
from hub.media.outlet import Outlet
from hub.media.packet_cache import Packet
from hub.media.sequence_map import SequenceMap, Stretch
from hub.media.srtp import MAX_RTP_BYTES, SrtpSession
from hub.media.stamp import HeaderStamp

if TYPE_CHECKING:
    from hub.media.publication import Publication

_U16: Final = struct.Struct(">H")
#: A packet asked for again within this time of its last retransmission is on its way already.
RESEND_PAUSE_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class PayloadTypes:
    """How a codec is numbered towards this viewer: its payload type and that of its RTX, if negotiated."""

    media: int
    rtx: int | None


class Subscription:
    """Forwards one publication at a time into one slot; numbering and time stamps go on across switches.

    `publication` is what plays; `awaiting` what will play from its next key frame on (until then the old
    one goes on). Owned by a Watcher, listed by the publications it plays or waits for.
    """

    def __init__(
        self,
        outlet: Outlet,
        stamp: HeaderStamp,
        clock_rate: int,
        ssrc: int,
        rtx_ssrc: int | None,
        first_seq: int,
    ) -> None:
        self.outlet = outlet
        self.stamp = stamp
        self.clock_rate = clock_rate
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.map = SequenceMap(first_seq)
        self.publication: Publication | None = None
        self.awaiting: Publication | None = None
        self.types = PayloadTypes(0, None)
        self.awaiting_types = self.types
        self.packets = 0
        self.octets = 0
        self.loss_fraction = 0
        self._rtx_seq = first_seq & 0x7FFF
        self._last: Packet | None = None
        self._last_at = 0.0
        self._last_stretch: Stretch | None = None
        self._resent: dict[int, float] = {}

    # --- what plays -----------------------------------------------------------------------------------

    def play(self, publication: Publication, types: PayloadTypes, now: float) -> None:
        """Have `publication` play as soon as it can begin; until then what plays now goes on."""
        if self.awaiting is publication or (self.publication is publication and self.awaiting is None):
            return
        self._stop_waiting()
        if self.publication is publication:
            return
        self.awaiting, self.awaiting_types = publication, types
        publication.want(self, now)

    def clear(self) -> None:
        """Nothing plays in the slot and nothing is waited for."""
        self._stop_waiting()
        publication, self.publication = self.publication, None
        self.map.stop()
        if publication is not None:
            publication.leave(self)

    def begin(self, publication: Publication, packet: Packet, now: float) -> None:
        """`publication` plays from `packet` on (for video the first of a key frame). Called by it."""
        last, stretch = self._last, self._last_stretch
        timestamp_delta = picture_delta = tl0_delta = 0
        if last is not None and stretch is not None:
            # Time goes on as it passed: a jump costs the viewer its length in frozen picture.
            ticks = max(1, int((now - self._last_at) * self.clock_rate))
            timestamp_delta = last.timestamp + stretch.timestamp_delta + ticks - packet.timestamp
            if last.picture_bits and packet.picture_bits:
                picture_delta = (last.picture_id + stretch.picture_delta + 1 - packet.picture_id) & 0x7FFF
            if last.tl0 >= 0 and packet.tl0 >= 0:
                tl0_delta = (last.tl0 + stretch.tl0_delta + 1 - packet.tl0) & 0xFF
        before, self.publication = self.publication, publication
        self.awaiting, self.types = None, self.awaiting_types
        self.map.begin(publication, packet.seq, timestamp_delta, picture_delta, tl0_delta)
        if before is not None:
            before.leave(self)

    def hold(self, publication: Publication) -> bool:
        """What plays has to begin anew. True if the slot now waits for it (and not for something else)."""
        self.map.stop()
        self.publication = None
        if self.awaiting is not None:
            return False
        self.awaiting, self.awaiting_types = publication, self.types
        return True

    def forget(self, publication: Publication) -> None:
        """The publication is gone; it cannot be asked for packets any more."""
        if self.publication is publication:
            self.map.stop()
            self.publication = None
        if self.awaiting is publication:
            self.awaiting = None
        self.map.forget(publication)

    def _stop_waiting(self) -> None:
        awaiting, self.awaiting = self.awaiting, None
        if awaiting is not None:
            awaiting.leave(self)

    # --- the packet path ------------------------------------------------------------------------------

    def forward(self, batch: Batch, now: float) -> None:
        """Number, protect and send packets of the publication that plays.

        This is the inner loop of the hub: 60 viewers are 60 calls. What it does for each packet is one
        `pack_into` and libsrtp; for each run of equal lengths one system call.
        """
        stretch = self.map.current
        outlet = self.outlet
        session, address = outlet.session, outlet.address
        if stretch is None or session is None or address is None:
            return
        stamp, buffer = self.stamp, outlet.buffer
        layout = None
        if batch.whole and batch.first_seq >= stretch.source_first:
            layout = batch.layout(stamp, self.types.media, session.tag_bytes, buffer)
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
        protect, handle = SrtpSession.protect_call, session.handle
        write, ssrc = stamp.numbers.pack_into, self.ssrc
        seq_delta, timestamp_delta = stretch.seq_delta, stretch.timestamp_delta
        refused = 0
        if stamp.transport_at:
            transport_head, transport_seq = stamp.transport_head, outlet.transport_seq
            for at, seq, timestamp, length, pointer in layout.entries:
                transport_seq = (transport_seq + 1) & 0xFFFF
                out, moved = (seq + seq_delta) & 0xFFFF, (timestamp + timestamp_delta) & 0xFFFF_FFFF
                write(view, at, out, moved, ssrc, transport_head, transport_seq)
                cell[0] = length
                refused |= protect(handle, pointer, cell)
            outlet.transport_seq = transport_seq
        else:
            for at, seq, timestamp, length, pointer in layout.entries:
                out, moved = (seq + seq_delta) & 0xFFFF, (timestamp + timestamp_delta) & 0xFFFF_FFFF
                write(view, at, out, moved, ssrc)
                cell[0] = length
                refused |= protect(handle, pointer, cell)
        if refused:
            # Part of the row is not sealed: none of it may leave. Only a numbering far back does this.
            outlet.counters["out_srtp_refused"] += len(layout.entries)
            return
        send_run = outlet.port.send_run
        for run, segment in layout.runs:
            send_run(run, segment, address)
        count = len(layout.entries)
        outlet.packets_sent += count
        outlet.bytes_sent += layout.sealed_bytes
        self.packets += count
        self.octets += layout.octets
        newest = batch.newest.seq + seq_delta
        if newest > self.map.newest_out:
            self.map.newest_out = newest
            self._last, self._last_at, self._last_stretch = batch.newest, now, stretch

    def _forward_one(self, packet: Packet, now: float) -> None:
        """What does not fit a row: padding to leave out, late packets of before a gap that was closed."""
        if not packet.payload:
            self.map.leave_out(packet.seq)
            return
        stretch = self.map.place(self.publication, packet.seq)
        if stretch is None:
            self.outlet.counters["out_before_switch"] += 1
            return
        out = packet.seq + stretch.seq_delta
        if not self._send(packet, stretch, packet.marker | self.types.media, out & 0xFFFF, self.ssrc, b""):
            return
        self.packets += 1
        self.octets += len(packet.payload)
        if out > self.map.newest_out:
            self.map.newest_out = out
            self._last, self._last_at, self._last_stretch = packet, now, stretch

    def _send(
        self, packet: Packet, stretch: Stretch, marker_and_type: int, seq: int, ssrc: int, before: bytes
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
            _U16.pack_into(view, stamp.transport_at, outlet.next_transport_seq())
        return outlet.send_rtp(0, end)

    # --- repair ---------------------------------------------------------------------------------------

    def resend(self, asked: Sequence[int], now: float) -> bool:
        """Answer a NACK for these 16-bit numbers. False if the budget is used up (a key frame is cheaper)."""
        outlet = self.outlet
        stamp_changes = self.stamp.transport_at > 0
        for number in asked:
            outlet.counters["nack_asked"] += 1
            place = self.map.back(number)
            if place is None:
                outlet.counters["nack_unknown"] += 1
                continue
            stretch, source_seq = place
            packet = stretch.source.cache.get(source_seq)  # type: ignore[attr-defined]
            if packet is None or not packet.payload or source_seq < stretch.source_first:
                outlet.counters["nack_not_cached"] += 1
                continue
            if stamp_changes and self.types.rtx is None:
                outlet.counters["nack_without_rtx"] += 1
                continue
            if now - self._resent.get(number, 0.0) < RESEND_PAUSE_S:
                outlet.counters["nack_too_soon"] += 1
                continue
            if not outlet.may_resend(len(packet.payload) + 60, now):
                outlet.counters["nack_over_budget"] += 1
                return False
            if len(self._resent) > 1024:
                self._resent.clear()
            self._resent[number] = now
            self._send_again(packet, stretch, number)
        return True

    def _send_again(self, packet: Packet, stretch: Stretch, number: int) -> None:
        if self.types.rtx is not None and self.rtx_ssrc is not None:
            # RFC 4588: its own SSRC and numbering, the original number before the payload.
            self._rtx_seq = (self._rtx_seq + 1) & 0xFFFF
            original = number.to_bytes(2, "big")
            marker_and_type = packet.marker | self.types.rtx
            sent = self._send(packet, stretch, marker_and_type, self._rtx_seq, self.rtx_ssrc, original)
        else:
            # The very same packet, bit for bit: under GCM the same number with other bytes breaks the key.
            sent = self._send(packet, stretch, packet.marker | self.types.media, number, self.ssrc, b"")
        if sent:
            self.outlet.counters["resent"] += 1

    def dump(self) -> dict[str, object]:
        """The slot for people."""
        return {
            "ssrc": self.ssrc,
            "plays": self.publication.label if self.publication else None,
            "awaits": self.awaiting.label if self.awaiting else None,
            "packets": self.packets,
            "octets": self.octets,
            "loss_fraction": self.loss_fraction,
        }


def _rewrite_picture(view: memoryview, body: int, packet: Packet, stretch: Stretch) -> None:
    """Move picture id and TL0PICIDX of a VP8 or VP9 payload that begins at `body`."""
    picture = packet.picture_id + stretch.picture_delta
    if packet.picture_bits == 15:
        _U16.pack_into(view, body + packet.picture_at, 0x8000 | (picture & 0x7FFF))
    else:
        view[body + packet.picture_at] = picture & 0x7F
    if packet.tl0 >= 0:
        view[body + packet.tl0_at] = (packet.tl0 + stretch.tl0_delta) & 0xFF
