"""The receiving side of a light viewer: every packet counted by its header, only a sample opened for its delay."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from clients.loadtest.answers import TICKS_PER_S, Answers, Habits
from clients.loadtest.datagrams import Piece
from clients.loadtest.histogram import Histogram
from clients.loadtest.offers import RTX_TYPE, TRANSPORT_ID, VIDEO_TYPE, Answered
from clients.loadtest.stream import Stream
from clients.loadtest.synthetic import read_stamp
from hub.wire import ntp
from hub.wire.rtcp import RtcpPacket, SenderReport
from hub.wire.rtp import read_header
from hub.wire.rtp_extensions import find_extension, read_transport_sequence
from hub.wire.rtp_header import RtpError, RtpHeader
from hub.wire.rtx import unwrap
from hub.wire.vp8 import is_keyframe_start

#: RTP header, the header of its extension section, and the first element of that where the hub puts the
#: transport-wide number.
_read: Final = struct.Struct(">BBHIIHHBH").unpack_from
_TRANSPORT_HEAD: Final = TRANSPORT_ID << 4 | 1


class Receiver:
    """`open_rtp` opens an SRTP packet, `send_rtcp` protects and sends a compound."""

    def __init__(
        self,
        open_rtp: Callable[[bytes], bytes | None],
        send_rtcp: Callable[[bytes], None],
        sample_every: int,
        habits: Habits,
        delays: Histogram,
        other: Callable[[bytes, float], None],
    ) -> None:
        """Of `sample_every` last packets of a frame one is opened; 1 opens every one, 0 none. `delays` are counted
        for all peers of a crowd together; `other` gets every datagram that is no SRTP.
        """
        self._delays = delays
        self._other = other
        self.streams: dict[int, Stream] = {}
        self.counters: Counter[str] = Counter()
        self.answers = Answers(send_rtcp, habits, self.counters)
        self.sample_every = sample_every
        #: Who sent what was sampled last, by slot; and when each source was first seen after `await_source`.
        self.shown: dict[str, int] = {}
        #: Told of each packet of sound that names who sent it (`named_sound`), with its time.
        self.on_sound: Callable[[int, float], None] | None = None
        self._awaited: dict[str, tuple[int, Callable[[float], None]]] = {}
        self._mending: dict[int, Stream] = {}
        self._open = open_rtp
        self._head = -1

    def expect(self, answered: Answered) -> None:
        """Learn the hub's sources from its answer."""
        feedback = False
        for section in answered.sections.values():
            media, rtx = section.fid[0] if section.fid else ((*section.ssrcs, 0)[0], None)
            if media:
                stream = self.streams[media] = Stream(section.mid, section.kind == "video", media, rtx)
                if rtx:
                    self._mending[rtx] = stream
            feedback |= any("transport-cc" in codec.feedback for codec in section.codecs)
        if feedback and self.answers.habits.feedback:
            self._head = _TRANSPORT_HEAD

    def receive(self, view: memoryview, pieces: Sequence[Piece], shift_ns: int) -> None:
        """What `Datagrams.take` found; `shift_ns` turns its times into those of the monotonic clock.

        This is done for every packet of a thousand viewers: 3 µs a piece (Python 3.11, 2.6 GHz), of one packet or
        of a run.
        """
        streams, head, every = self.streams, self._head, self.sample_every
        answers = self.answers
        for start, end, segment, arrived_ns in pieces:
            first, second, number, _, ssrc, _, _, element, transport = _read(view, start)
            now = (arrived_ns + shift_ns) * 1e-9
            if first & 0xC0 != 0x80 or 192 <= second <= 223:
                for at in range(start, end, segment):
                    self._other(bytes(view[at : min(at + segment, end)]), now)
                continue
            if segment < end - start:
                self._run(view, start, end, segment, now)
                continue
            if element == head and first & 0x1F == 0x10:
                tick = int(now * TICKS_PER_S)
                delta = tick - answers.tick
                if transport == answers.expected and 0 <= delta <= 255:
                    answers.deltas.append(delta)
                    answers.expected, answers.tick = (transport + 1) & 0xFFFF, tick
                else:
                    answers.note(transport, tick)
            elif head >= 0:
                self._note_arrival(view[start:end], now)
            stream = streams.get(ssrc)
            if stream is None:
                self._repair(ssrc, bytes(view[start:end]), now)
                continue
            if number == stream.next:
                stream.next = (number + 1) & 0xFFFF
                stream.newest += 1
                stream.packets += 1
            else:
                stream.out_of_turn(number, now)
            stream.octets += segment
            if not stream.video:
                stream.frames += 1
                if self.on_sound is not None:
                    self._hear(bytes(view[start:end]), now)
                continue
            if stream.broken:
                self._look_for_key_frame(stream, bytes(view[start:end]))
            if second > 0x7F:
                stream.frame(now)
                if every and stream.frames % every == 0:
                    self._sample(stream, bytes(view[start:end]), now)

    def _run(self, view: memoryview, start: int, end: int, segment: int, now: float) -> None:
        """Several packets that were sent in one call. Where the first and the last say that all between are in their
        turn, these two are all that is looked at."""
        count = -(-(end - start) // segment)
        last_at = start + (count - 1) * segment
        first, _, number, _, ssrc, _, _, element, transport = _read(view, start)
        last_first, second, last, _, last_ssrc, _, _, last_element, last_transport = _read(view, last_at)
        stream, head = self.streams.get(ssrc), self._head
        numbered = head < 0 or (
            element == head == last_element
            and first & 0x1F == 0x10 == last_first & 0x1F
            and last_transport - transport == count - 1
        )
        if (
            numbered
            and stream is not None
            and (stream.video or self.on_sound is None)
            and ssrc == last_ssrc
            and number == stream.next
            and last - number == count - 1
            and not stream.broken
            and max(view[start + 1 : last_at : segment]) <= 0x7F  # no marker before the last
        ):
            stream.next = (last + 1) & 0xFFFF
            stream.newest += count
            stream.packets += count
            stream.octets += end - start
            if head >= 0:
                answers, tick = self.answers, int(now * TICKS_PER_S)
                delta = tick - answers.tick
                if transport == answers.expected and 0 <= delta <= 255:
                    answers.deltas.append(delta)
                    answers.deltas += bytes(count - 1)
                    answers.expected, answers.tick = (last_transport + 1) & 0xFFFF, tick
                else:
                    for one in range(transport, transport + count):
                        answers.note(one, tick)
            if second > 0x7F and stream.video:
                stream.frame(now)
                if self.sample_every and stream.frames % self.sample_every == 0:
                    self._sample(stream, bytes(view[last_at:end]), now)
            return
        moment_ns = int(now * 1e9)
        for at in range(start, end, segment):
            until = min(at + segment, end)
            self.receive(view, ((at, until, until - at, moment_ns),), 0)

    def _note_arrival(self, packet: memoryview, now: float) -> None:
        """The transport-wide number where it does not stand first."""
        try:
            place = find_extension(packet, read_header_only(packet), TRANSPORT_ID)
            if place is not None:
                self.answers.note(read_transport_sequence(packet, place), int(now * TICKS_PER_S))
        except RtpError:
            self.counters["malformed"] += 1

    def _repair(self, ssrc: int, packet: bytes, now: float) -> None:
        stream = self._mending.get(ssrc)
        if stream is None:
            self.counters["unknown_source"] += 1
            return
        opened = self._opened(packet)
        if opened is None:
            return
        data, header = opened
        try:
            mended = unwrap(data, header)
        except RtpError:
            mended = None
        if header.payload_type != RTX_TYPE or mended is None:
            self.counters["probes"] += 1
            return
        self.counters["retransmitted"] += 1
        stream.mend(mended[0], now)

    def _look_for_key_frame(self, stream: Stream, packet: bytes) -> None:
        opened = self._opened(packet)
        if opened is None:
            return
        data, header = opened
        payload = data[header.payload_offset : header.payload_end]
        if header.payload_type == VIDEO_TYPE and is_keyframe_start(payload):
            stream.key_frame()

    def _sample(self, stream: Stream, packet: bytes, now: float) -> None:
        opened = self._opened(packet)
        if opened is None:
            return
        data, header = opened
        if header.payload_type != VIDEO_TYPE:
            return
        stamp = read_stamp(data[header.payload_offset : header.payload_end])
        if stamp is None:
            return
        source, moment_us = stamp
        delay = now - moment_us / 1_000_000
        stream.delays.add(delay)
        self._delays.add(delay)
        self.shown[stream.mid] = source
        awaited = self._awaited.get(stream.mid)
        if awaited is not None and awaited[0] == source:
            del self._awaited[stream.mid]
            awaited[1](now)

    def _hear(self, packet: bytes, now: float) -> None:
        opened = self._opened(packet)
        if opened is None or self.on_sound is None:
            return
        data, header = opened
        named = read_stamp(data[header.payload_offset : header.payload_end])
        if named is not None:
            self.on_sound(named[0], now)

    def _opened(self, packet: bytes) -> tuple[bytes, RtpHeader] | None:
        data = self._open(packet)
        if data is None:
            return None
        self.counters["opened"] += 1
        try:
            return data, read_header(data)
        except RtpError:
            self.counters["malformed"] += 1
            return None

    def await_source(self, mid: str, source: int, then: Callable[[float], None]) -> None:
        """Call `then` with the time at which a sampled frame of this source shows in this slot."""
        self._awaited[mid] = (source, then)

    def receive_rtcp(self, packets: list[RtcpPacket], now: float) -> None:
        """The hub's sender reports: what our receiver reports refer to."""
        for packet in packets:
            if isinstance(packet, SenderReport) and packet.ssrc in self.streams:
                stream = self.streams[packet.ssrc]
                stream.last_report, stream.last_report_at = ntp.middle(packet.ntp), now

    def ask_key_frame(self, mid: str) -> None:
        """Send a PLI for the slot of this section, as a decoder that lost the picture would."""
        for stream in self.streams.values():
            if stream.mid == mid:
                self.answers.ask_key_frame(stream.ssrc)

    def begin(self) -> None:
        """Count anew from here on."""
        self.counters.clear()
        for stream in self.streams.values():
            stream.begin()


def read_header_only(packet: memoryview) -> RtpHeader:
    """The header of a packet that is still sealed: what claims to be padding is not looked at."""
    sealed = bytearray(packet)
    sealed[0] &= 0xDF
    return read_header(sealed)
