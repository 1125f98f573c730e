"""What a light viewer notices: packets, loss, frames, gaps and delay, opening only a sample of the packets."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from clients.loadtest.offers import TRANSPORT_ID, VIDEO_TYPE, Answered
from clients.loadtest.synthetic import sent_us
from hub.wire.rtcp import Pli, ReceiverReport, ReportBlock, RtcpPacket, feedback_from_arrivals
from hub.wire.rtp import read_header
from hub.wire.rtp_extensions import RtpError, find_extension, read_transport_sequence
from hub.wire.serial import Unwrapper

#: Delays kept for percentiles; later ones replace the oldest.
_MAX_DELAYS: Final = 20_000


@dataclass(slots=True)
class Stream:
    """One source of the hub: a slot's packets, or its retransmissions. Times in seconds."""

    mid: str
    kind: str
    rtx: bool
    ssrc: int
    packets: int = 0
    octets: int = 0
    frames: int = 0
    first_at: float | None = None
    longest_gap_s: float = 0.0
    delays_s: list[float] = field(default_factory=list)
    numbers: Unwrapper = field(default_factory=Unwrapper)
    first_number: int | None = None
    _frame_at: float | None = None

    @property
    def lost(self) -> int:
        """Packets whose number was passed by and that did not come."""
        if self.first_number is None or self.numbers.newest is None:
            return 0
        return max(0, self.numbers.newest - self.first_number + 1 - self.packets)

    def frame(self, now: float) -> None:
        """The last packet of a frame came."""
        if self._frame_at is not None:
            self.longest_gap_s = max(self.longest_gap_s, now - self._frame_at)
        self._frame_at = now
        self.frames += 1

    def delay(self, seconds: float) -> None:
        """A sampled frame took this long from sender to here."""
        if len(self.delays_s) >= _MAX_DELAYS:
            self.delays_s[self.frames % _MAX_DELAYS] = seconds
        else:
            self.delays_s.append(seconds)


class Receiver:
    """The receiving side of one peer. `open_rtp` opens an SRTP packet, `send` takes RTCP to send."""

    def __init__(
        self,
        open_rtp: Callable[[bytes], bytes | None],
        send: Callable[[list[RtcpPacket]], None],
        sample_every: int,
    ) -> None:
        """Of `sample_every` last packets of a frame one is opened; 1 opens every one, 0 none."""
        self.streams: dict[int, Stream] = {}
        self.counters: Counter[str] = Counter()
        self._open = open_rtp
        self._send = send
        self._sample_every = sample_every
        self._ssrc = 1
        self._feedback = False
        self._transport_numbers = Unwrapper()
        self._arrivals: dict[int, int] = {}
        self._feedback_count = 0

    def expect(self, answered: Answered) -> None:
        """Learn the hub's sources from its answer."""
        for section in answered.sections.values():
            media, rtx = section.fid[0] if section.fid else ((*section.ssrcs, 0)[0], None)
            for ssrc, again in ((media, False), (rtx, True)):
                if ssrc:
                    self.streams[ssrc] = Stream(section.mid, section.kind, again, ssrc)
            self._feedback |= any("transport-cc" in codec.feedback for codec in section.codecs)

    def receive(self, view: memoryview, length: int, now: float) -> None:
        """An SRTP packet; its header is in the clear."""
        stream = self.streams.get(int.from_bytes(view[8:12], "big"))
        if stream is None:
            self.counters["unknown_source"] += 1
            return
        number = stream.numbers.unwrap(view[2] << 8 | view[3])
        stream.packets += 1
        stream.octets += length
        if stream.first_number is None:
            stream.first_number, stream.first_at = number, now
        if self._feedback:
            self._note_arrival(view[:length], now)
        if view[1] & 0x80 or stream.kind == "audio":
            stream.frame(now)
            if self._sample_every and stream.frames % self._sample_every == 0:
                self._sample(stream, bytes(view[:length]), now)

    def _note_arrival(self, packet: memoryview, now: float) -> None:
        # Where the hub puts it: the first element of a one-byte section. Anything else is read in full.
        if packet[0] == 0x90 and packet[12] == 0xBE and packet[16] == TRANSPORT_ID << 4 | 1:
            number = packet[17] << 8 | packet[18]
        else:
            try:
                place = find_extension(packet, read_header(packet), TRANSPORT_ID)
                if place is None:
                    return
                number = read_transport_sequence(packet, place)
            except RtpError:
                self.counters["malformed"] += 1
                return
        self._arrivals[self._transport_numbers.unwrap(number)] = int(now * 1_000_000)

    def _sample(self, stream: Stream, packet: bytes, now: float) -> None:
        opened = self._open(packet)
        if opened is None:
            return
        self.counters["opened"] += 1
        try:
            header = read_header(opened)
        except RtpError:
            self.counters["malformed"] += 1
            return
        if header.payload_type == VIDEO_TYPE:
            moment = sent_us(opened[header.payload_offset : header.payload_end])
            if moment is not None:
                stream.delay(now - moment / 1_000_000)

    # --- what is said back ----------------------------------------------------------------------------

    def feedback(self) -> None:
        """Send transport-wide feedback on what came since the last; due every 100 ms."""
        if not self._arrivals:
            return
        arrivals, self._arrivals = sorted(self._arrivals.items()), {}
        messages = feedback_from_arrivals(self._ssrc, 0, self._feedback_count, arrivals)
        self._feedback_count = (self._feedback_count + len(messages)) & 0xFF
        for message in messages:
            self._send([message])

    def report(self) -> None:
        """Send a receiver report on everything that plays; due every second."""
        playing = [s for s in self.streams.values() if s.packets and s.numbers.newest is not None]
        for start in range(0, max(1, len(playing)), 31):
            blocks = tuple(
                ReportBlock(s.ssrc, 0, s.lost, (s.numbers.newest or 0) & 0xFFFF_FFFF, 0, 0, 0)
                for s in playing[start : start + 31]
            )
            self._send([ReceiverReport(self._ssrc, blocks)])

    def ask_key_frame(self, mid: str) -> None:
        """Send a PLI for the slot of this section, as a decoder that lost the picture would."""
        for stream in self.streams.values():
            if stream.mid == mid and not stream.rtx:
                self._send([Pli(self._ssrc, stream.ssrc)])


def now_us() -> int:
    """The monotonic clock in µs: what senders stamp and receivers of the same machine compare with."""
    return int(time.monotonic() * 1_000_000)
