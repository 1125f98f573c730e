"""A slot of a viewer: one SSRC for its whole life, whatever publication plays in it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hub.media.outlet import Outlet
from hub.media.packet_cache import Packet
from hub.media.sequence_map import SequenceMap, Stretch
from hub.media.socket import MAX_RUN_BYTES, MAX_RUN_SEGMENTS
from hub.media.srtp import MAX_RTP_BYTES, SrtpSession, reason
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

    def forward(self, packets: Sequence[Packet], now: float) -> None:
        """Re-label, protect and send packets of the publication that plays, in runs of equal length.

        This is the inner loop of the hub: 60 viewers are 60 calls. What it calls per packet is one
        `pack_into`, one copy of the payload and libsrtp; one system call per run.
        """
        stretch = self.map.current
        outlet = self.outlet
        session, address = outlet.session, outlet.address
        if stretch is None or session is None or address is None:
            return
        buffer = outlet.buffer
        view, base, cell = buffer.view, buffer.base, buffer.length
        protect, handle = SrtpSession.protect_call, session.handle
        stamp = self.stamp
        pack, head = stamp.layout.pack_into, stamp.length
        first_byte, extension, transport_at = stamp.first_byte, stamp.extension, stamp.transport_at
        ssrc, payload_type = self.ssrc, self.types.media
        source_first, seq_delta = stretch.source_first, stretch.seq_delta
        timestamp_delta = stretch.timestamp_delta
        rewrite = stretch.picture_delta or stretch.tl0_delta
        newest = self.map.newest_out
        newest_packet = self._last
        at = start = segment = sent = octets = 0
        for packet in packets:
            seq = packet.seq
            payload = packet.payload
            if seq < source_first or not payload:
                self.map.newest_out = newest
                stretch_of_late = self._late_or_left_out(packet)
                stretch = self.map.current
                if stretch is None:
                    break
                source_first, seq_delta = stretch.source_first, stretch.seq_delta
                if stretch_of_late is None:
                    continue
                out = seq + stretch_of_late.seq_delta
            else:
                out = seq + seq_delta
            if out > newest:
                newest = out
                newest_packet = packet
            body = at + head
            end = body + len(payload)
            if end - at > MAX_RTP_BYTES:
                outlet.counters["out_rtp_too_long"] += 1
                continue
            pack(
                view,
                at,
                first_byte,
                packet.marker | payload_type,
                out & 0xFFFF,
                (packet.timestamp + timestamp_delta) & 0xFFFF_FFFF,
                ssrc,
                extension,
            )
            view[body:end] = payload
            if rewrite and packet.picture_bits:
                _rewrite_picture(view, body, packet, stretch)
            if transport_at:
                _U16.pack_into(view, at + transport_at, outlet.next_transport_seq())
            cell[0] = end - at
            code = protect(handle, base + at, cell)
            if code:
                outlet.counters[f"out_{reason(-code)}"] += 1
                continue
            size = cell[0]
            octets += len(payload)
            sent += 1
            if size != segment:
                if segment and at > start:
                    if size < segment:  # a shorter packet may end a run
                        at += size
                        outlet.port.send_run(view[start:at], segment, address)
                        outlet.bytes_sent += at - start
                        start, segment = at, 0
                        continue
                    outlet.port.send_run(view[start:at], segment, address)
                    outlet.bytes_sent += at - start
                    start = at
                segment = size
            at += size
            if at - start + segment > MAX_RUN_BYTES or at - start >= segment * MAX_RUN_SEGMENTS:
                outlet.port.send_run(view[start:at], segment, address)
                outlet.bytes_sent += at - start
                at = start = segment = 0
        if at > start:
            outlet.port.send_run(view[start:at], segment, address)
            outlet.bytes_sent += at - start
        if sent:
            outlet.packets_sent += sent
            self.packets += sent
            self.octets += octets
            self.map.newest_out = newest
            self._last, self._last_at, self._last_stretch = newest_packet, now, self.map.current

    def _late_or_left_out(self, packet: Packet) -> Stretch | None:
        """The stretch to send a late packet by; None if it is not to be sent (padding, before the switch)."""
        if not packet.payload:
            self.map.leave_out(packet.seq)
            return None
        stretch = self.map.place(self.publication, packet.seq)
        if stretch is None:
            self.outlet.counters["out_before_switch"] += 1
        return stretch

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
        outlet, stamp = self.outlet, self.stamp
        view = outlet.buffer.view
        timestamp = (packet.timestamp + stretch.timestamp_delta) & 0xFFFF_FFFF
        body = stamp.length
        if self.types.rtx is not None and self.rtx_ssrc is not None:
            # RFC 4588: its own SSRC and numbering, the original number before the payload.
            self._rtx_seq = (self._rtx_seq + 1) & 0xFFFF
            marker_and_type, seq, ssrc = packet.marker | self.types.rtx, self._rtx_seq, self.rtx_ssrc
            _U16.pack_into(view, body, number)
            body += 2
        else:
            # The very same packet, bit for bit: under GCM the same number with other bytes breaks the key.
            marker_and_type, seq, ssrc = packet.marker | self.types.media, number, self.ssrc
        end = body + len(packet.payload)
        if end > MAX_RTP_BYTES:
            outlet.counters["out_rtp_too_long"] += 1
            return
        first_byte, extension = stamp.first_byte, stamp.extension
        stamp.layout.pack_into(view, 0, first_byte, marker_and_type, seq, timestamp, ssrc, extension)
        view[body:end] = packet.payload
        if packet.picture_bits:
            _rewrite_picture(view, body, packet, stretch)
        if stamp.transport_at and ssrc == self.rtx_ssrc:
            _U16.pack_into(view, stamp.transport_at, outlet.next_transport_seq())
        if outlet.send_rtp(0, end):
            outlet.counters["resent"] += 1

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
