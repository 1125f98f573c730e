"""What was sent into a slot, once more: answers to NACKs, and probes of the line made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.media.egress.forwarding import Forwarding
from hub.media.ingest.seams import Played
from hub.media.row.packet_cache import Packet
from hub.media.row.sequence_map import Stretch

VIDEO_CLOCK_RATE: Final = 90_000
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


class Repair:
    """The retransmissions of one slot: by RTX where `rtx_ssrc` and the codec have it, else bit for bit."""

    def __init__(
        self, forwarding: Forwarding, clock_rate: int, rtx_ssrc: int | None, first_rtx_seq: int
    ) -> None:
        self._forwarding = forwarding
        self._lane = forwarding.lane
        self._outlet = forwarding.outlet
        self._clock_rate = clock_rate
        self._rtx_ssrc = rtx_ssrc
        self._rtx_seq = first_rtx_seq
        self._resent: dict[int, float] = {}

    @property
    def _rtx(self) -> tuple[int, int] | None:
        """Payload type and SSRC of retransmissions; None where a packet is repeated as it was."""
        rtx = self._forwarding.types.rtx
        return (rtx, self._rtx_ssrc) if rtx is not None and self._rtx_ssrc is not None else None

    def resend(self, asked: Sequence[int], plays: Played | None, now: float) -> bool:
        """Answer a NACK for these 16-bit numbers, while `plays` does. False if only a key frame can mend it: the budget is
        used up, or what is missing is long past and no key frame has come since."""
        lost = False
        outlet, rtx = self._outlet, self._rtx
        stamp_changes = self._forwarding.stamp.transport_at > 0
        pause = RESEND_PAUSE_S
        if outlet.estimator is not None:
            pause = max(pause, outlet.estimator.rtt_s * RESEND_PAUSE_ROUND_TRIPS)
        for number in asked:
            outlet.counters["nack_asked"] += 1
            place = self._lane.back(number)
            if place is None:
                outlet.counters["nack_unknown"] += 1
                continue
            stretch, source_seq = place
            if stretch.source is not plays and self._clock_rate == VIDEO_CLOCK_RATE:
                # The key frame of the switch needs nothing before it; its line may be full already.
                outlet.counters["nack_before_switch"] += 1
                continue
            packet = stretch.source.cache.get(source_seq)
            if packet is None or not packet.payload or source_seq < stretch.source_first:
                outlet.counters["nack_not_cached"] += 1
                continue
            if packet.temporal > self._forwarding.max_temporal:
                # It was to be left out, but a packet before it was missing: its picture id is another's by now.
                outlet.counters["nack_thinned"] += 1
                continue
            if self._past(packet):
                outlet.counters["nack_past"] += 1
                lost |= source_seq > stretch.source.key_seq
                continue
            if rtx is None:
                if stamp_changes:
                    outlet.counters["nack_without_rtx"] += 1
                    continue
                if source_seq + stretch.seq_delta < self._forwarding.same_since:
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
            if since < RESEND_TWICE_S and rtx is not None and outlet.may_resend(size, now):
                self._send_again(packet, stretch, number, now)
        return not lost

    def _past(self, packet: Packet) -> bool:
        """Whether what was sent last is so much newer that nobody waits for this any more."""
        last = self._lane.last()
        return last is not None and signed32(last[0].timestamp - packet.timestamp) > PAST_S * self._clock_rate

    def probe(self, sizes: Sequence[int], now: float) -> int:
        """Send what was sent last once more by RTX, to find out what the line takes (RFC 4588 allows it, receivers
        drop what they have). Returns the bytes sent, 0 without RTX or before anything was sent.

        Long after the picture was taken away the last packet is all that is left of it, and is sent again and again:
        without probes it would never come back.
        """
        found = self._lane.last()
        if self._rtx is None or found is None:
            return 0
        last, stretch, layer = found
        stamp_bytes, max_temporal = self._forwarding.stamp.length, self._forwarding.max_temporal
        cache = layer.cache if layer is not None else None
        kept = cache is not None and cache.get(last.seq) is not None
        sent, left, seq = 0, sum(sizes), last.seq
        for _ in range(_PROBE_PACKETS):
            packet = cache.get(seq) if kept and cache is not None else last
            if left <= 0 or packet is None or seq < stretch.source_first:
                break
            if packet.payload and (not kept or packet.temporal <= max_temporal):
                self._send_again(packet, stretch, (seq + stretch.seq_delta) & 0xFFFF, now)
                size = len(packet.payload) + 2 + stamp_bytes
                sent, left = sent + size, left - size
                self._outlet.counters["probes"] += 1
            seq -= kept
        return sent

    def _send_again(self, packet: Packet, stretch: Stretch[Played], number: int, now: float) -> None:
        forwarding, rtx = self._forwarding, self._rtx
        if rtx is not None:
            # RFC 4588: its own SSRC and numbering, the original number before the payload.
            self._rtx_seq = (self._rtx_seq + 1) & 0xFFFF
            original = number.to_bytes(2, "big")
            again = forwarding.send(
                packet, stretch, packet.marker | rtx[0], self._rtx_seq, rtx[1], original, now
            )
        else:
            # The very same packet, bit for bit: under GCM the same number with other bytes breaks the key.
            payload_type, before = forwarding.as_in_rows(packet, stretch)
            marker_and_type = packet.marker | payload_type
            again = forwarding.send(packet, stretch, marker_and_type, number, forwarding.ssrc, before, now)
        if again:
            self._outlet.counters["resent"] += 1


def signed32(value: int) -> int:
    """The difference of two 32-bit time stamps, which wrap."""
    return ((value + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
