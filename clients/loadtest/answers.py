"""What a light viewer says back, as a browser does: feedback, reports, requests for what is missing."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

from clients.loadtest.stream import Stream
from hub.wire.rtcp import Nack, Pli, ReceiverReport, Remb, ReportBlock, feedback_from_arrivals
from hub.wire.rtcp_build import serialise
from hub.wire.serial import Unwrapper

FEEDBACK_S: Final = 0.1
REPORT_S: Final = 1.0
#: A missing packet is asked for again after this pause; so long after the last time it is given up.
NACK_AGAIN_S: Final = 0.1
GIVE_UP_S: Final = 0.3
#: A picture that cannot be mended: a key frame is asked for this often until it is there.
KEY_FRAME_AGAIN_S: Final = 0.5
#: Arrivals are told in ticks of 250 µs, their first time in 64 ms (transport-wide feedback §3.1).
TICKS_PER_S: Final = 4000
_TICK_US: Final = 250
_REFERENCE_TICKS: Final = 256
#: One run of "came, small delta": as many as fit a chunk, and fewer than make a datagram too long.
_LONGEST_RUN: Final = 1000
_feedback: Final = struct.Struct(">BBHIIHHIH").pack
#: Our own source; a viewer sends nothing, so that one number does for all.
SENDER: Final = 1


@dataclass(frozen=True, slots=True)
class Habits:
    """How a viewer answers; all of it is what a browser does.

    `feedback` is transport-wide feedback every `feedback_s` (where negotiated), `reports` a receiver report each second,
    `remb_s` how often REMB tells what came lately (0: never; receivers without transport-wide feedback do),
    `nacks` how often a missing packet is asked for (0: never), `key_frames` whether a picture that cannot be
    mended is asked for anew.
    """

    feedback: bool = True
    reports: bool = True
    nacks: int = 3
    key_frames: bool = True
    feedback_s: float = FEEDBACK_S
    remb_s: float = 0.0


class Answers:
    """One viewer's. `send` protects and sends a compound.

    Arrivals are noted in one of two ways. What nearly always is, each packet the one after the last, within 64 ms of
    it, grows the `deltas` of the message that is being made; the receiver does that itself (a call for each packet
    would cost more than all the rest). All else goes through `note`, and until the message is told through lists.
    """

    def __init__(self, send: Callable[[bytes], None], habits: Habits, counters: Counter[str]) -> None:
        self.habits = habits
        self.counters = counters
        #: The transport-wide number that comes next (−1: ask `note`), the tick of the last arrival, and the message.
        self.expected = -1
        self.tick = 0
        self.deltas = bytearray()
        self._base = self._reference = 0
        self._listed: list[tuple[int, int]] = []
        self._send = send
        self._count = 0
        self._told: int | None = None
        self._unwrapper = Unwrapper()
        self._feedback_due = self._report_due = self._remb_due = 0.0
        #: Bytes that had come, and when, at the beginning of the last two seconds.
        self._came: list[tuple[float, int]] = []

    def begin(self, now: float, spread: float) -> None:
        """Start; `spread` (0 to 1) shifts the pace so that not all viewers report at once."""
        self._feedback_due = now + self.habits.feedback_s * spread
        self._report_due = now + REPORT_S * spread
        self._remb_due = now + self.habits.remb_s * spread

    def due(self, streams: Collection[Stream], now: float) -> None:
        """Say what is due."""
        if now >= self._feedback_due:
            self._feedback_due = max(self._feedback_due + self.habits.feedback_s, now)
            self._tell_arrivals()
        for stream in streams:
            if stream.holes or stream.broken:
                self._mend(stream, now)
        if now >= self._report_due:
            self._report_due = max(self._report_due + REPORT_S, now)
            if self.habits.reports:
                self._report(streams, now)
        if self.habits.remb_s and now >= self._remb_due:
            self._remb_due = max(self._remb_due + self.habits.remb_s, now)
            self._tell_rate(streams, now)

    def _tell_rate(self, streams: Collection[Stream], now: float) -> None:
        """What came in the last second or two, as a receiver on a good line sees it."""
        came = sum(stream.octets for stream in streams)
        if self._came and came < self._came[-1][1]:
            self._came.clear()  # it is counted anew
        if not self._came or now - self._came[-1][0] >= 1.0:
            self._came = [*self._came[-1:], (now, came)]
        began, before = self._came[0]
        if now - began > 0.1 and came > before:
            rate = int((came - before) * 8 / (now - began))
            playing = tuple(stream.ssrc for stream in streams if stream.next >= 0)
            self.counters["remb_sent"] += 1
            self._send(serialise([Remb(SENDER, rate, playing[:16])]))

    # --- transport-wide feedback ----------------------------------------------------------------------

    def note(self, number: int, tick: int) -> None:
        """The packet with this transport-wide number came in this tick (of 250 µs)."""
        if not self.deltas and not self._listed and (self._told is None or number == self._told):
            self._base, self._reference = number, tick // _REFERENCE_TICKS
            self.deltas.append(tick % _REFERENCE_TICKS)
            self.expected, self.tick = (number + 1) & 0xFFFF, tick
            return
        if self.deltas:
            delta = tick - self.tick
            if number == self.expected and 0 <= delta < _REFERENCE_TICKS:
                self.deltas.append(delta)
                self.expected, self.tick = (number + 1) & 0xFFFF, tick
                return
            # A gap, a pause or another order: the message so far is whole; what follows is listed until it is told.
            self._tell_deltas()
        self.expected = -1
        self._listed.append((number, tick))

    def _tell_arrivals(self) -> None:
        if self.deltas:
            self._tell_deltas()
        elif self._listed:
            self._tell_listed()
        self.expected = -1

    def _tell_deltas(self) -> None:
        """All came, in order, none over 64 ms after the other: one chunk says so."""
        deltas, self.deltas = self.deltas, bytearray()
        began = self._reference * _REFERENCE_TICKS
        for start in range(0, len(deltas), _LONGEST_RUN):
            part = deltas[start : start + _LONGEST_RUN]
            # The first delta of each message is since its reference time.
            reference, part[0] = divmod(began + sum(deltas[: start + 1]), _REFERENCE_TICKS)
            count = len(part)
            padding = -(count + 2) % 4
            self.counters["feedback_sent"] += 1
            self._send(
                _feedback(
                    0x8F,
                    205,
                    4 + (count + 2 + padding) // 4,
                    SENDER,
                    0,
                    (self._base + start) & 0xFFFF,
                    count,
                    (reference & 0xFF_FFFF) << 8 | self._count,
                    0x2000 | count,
                )
                + part
                + bytes(padding)
            )
            self._count = (self._count + 1) & 0xFF
        self._told = (self._base + len(deltas)) & 0xFFFF
        self._unwrapper.unwrap((self._told - 1) & 0xFFFF)

    def _tell_listed(self) -> None:
        listed, self._listed = self._listed, []
        arrivals: dict[int, int] = {}
        for number, tick in listed:
            arrivals.setdefault(self._unwrapper.unwrap(number), tick * _TICK_US)
        messages = feedback_from_arrivals(SENDER, 0, self._count, sorted(arrivals.items()))
        passed = (messages[0].base_sequence - self._told) & 0xFFFF if self._told is not None else 0
        if self._told is not None and passed < _LONGEST_RUN:
            # Each message begins where the last one ended, so that what was lost between them is told too.
            told = (None,) * passed + messages[0].deltas
            messages[0] = replace(messages[0], base_sequence=self._told, deltas=told)
        self._count = (self._count + len(messages)) & 0xFF
        self._told = (max(arrivals) + 1) & 0xFFFF
        for message in messages:
            self.counters["feedback_sent"] += 1
            self._send(serialise([message]))

    # --- what is missing ------------------------------------------------------------------------------

    def _mend(self, stream: Stream, now: float) -> None:
        nacks = self.habits.nacks if stream.video else 0
        asked: list[int] = []
        for extended, hole in list(stream.holes.items()):
            if now - hole.asked_at < NACK_AGAIN_S:
                continue
            if hole.tries < nacks:
                hole.tries += 1
                hole.asked_at = now
                asked.append(extended & 0xFFFF)
            elif now - max(hole.since, hole.asked_at) >= (GIVE_UP_S if nacks else NACK_AGAIN_S):
                stream.give_up(extended)
        if asked:
            self.counters["nack_sent"] += len(asked)
            self._send(serialise([Nack(SENDER, stream.ssrc, tuple(asked))]))
        wanted = stream.broken and self.habits.key_frames
        if wanted and now - stream.asked_key_frame_at >= KEY_FRAME_AGAIN_S:
            stream.asked_key_frame_at = now
            self.ask_key_frame(stream.ssrc)

    def ask_key_frame(self, ssrc: int) -> None:
        """Send a PLI, as a decoder that lost the picture would."""
        self.counters["pli_sent"] += 1
        self._send(serialise([Pli(SENDER, ssrc)]))

    # --- receiver reports -----------------------------------------------------------------------------

    def _report(self, streams: Collection[Stream], now: float) -> None:
        blocks = [_block(stream, now) for stream in streams if stream.next >= 0]
        for start in range(0, max(1, len(blocks)), 31):
            self._send(serialise([ReceiverReport(SENDER, tuple(blocks[start : start + 31]))]))


def _block(stream: Stream, now: float) -> ReportBlock:
    expected, packets = stream.expected, stream.packets
    new_expected = expected - stream.told[0]
    new_lost = new_expected - (packets - stream.told[1])
    stream.told = expected, packets
    fraction = min(255, max(0, new_lost) * 256 // new_expected) if new_expected > 0 else 0
    # Never below zero: the report may have come after the look that this `now` is of began.
    delay = max(0, int((now - stream.last_report_at) * 65_536)) if stream.last_report else 0
    return ReportBlock(
        stream.ssrc, fraction, stream.lost, stream.newest & 0xFFFF_FFFF, 0, stream.last_report, delay
    )
