"""What a light viewer says back, as a browser does: feedback, reports, requests for what is missing."""

from __future__ import annotations

import itertools
import struct
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

from clients.loadtest.stream import Stream
from hub.wire.rtcp import Nack, Pli, ReceiverReport, ReportBlock, feedback_from_arrivals
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
    `nacks` how often a missing packet is asked for (0: never), `key_frames` whether a picture that cannot be
    mended is asked for anew.
    """

    feedback: bool = True
    reports: bool = True
    nacks: int = 3
    key_frames: bool = True
    feedback_s: float = FEEDBACK_S


class Answers:
    """One viewer's. `send` protects and sends a compound."""

    def __init__(self, send: Callable[[bytes], None], habits: Habits, counters: Counter[str]) -> None:
        self.habits = habits
        self.counters = counters
        #: 16-bit transport-wide numbers and the ticks of their arrival, in order of arrival, until told.
        self.numbers: list[int] = []
        self.ticks: list[int] = []
        self._send = send
        self._count = 0
        self._next: int | None = None
        self._unwrapper = Unwrapper()
        self._feedback_due = self._report_due = 0.0

    def begin(self, now: float, spread: float) -> None:
        """Start; `spread` (0 to 1) shifts the pace so that not all viewers report at once."""
        self._feedback_due = now + self.habits.feedback_s * spread
        self._report_due = now + REPORT_S * spread

    def due(self, streams: Collection[Stream], now: float) -> None:
        """Say what is due."""
        if now >= self._feedback_due:
            self._feedback_due = max(self._feedback_due + self.habits.feedback_s, now)
            if self.numbers:
                self._tell_arrivals()
        for stream in streams:
            if stream.holes or stream.broken:
                self._mend(stream, now)
        if now >= self._report_due:
            self._report_due = max(self._report_due + REPORT_S, now)
            if self.habits.reports:
                self._report(streams, now)

    # --- transport-wide feedback ----------------------------------------------------------------------

    def _tell_arrivals(self) -> None:
        numbers, ticks = self.numbers, self.ticks
        self.numbers, self.ticks = [], []
        base, count = numbers[0], len(numbers)
        reference = ticks[0] // _REFERENCE_TICKS
        deltas = [after - before for before, after in itertools.pairwise(ticks)]
        deltas.insert(0, ticks[0] - reference * _REFERENCE_TICKS)
        # What nearly always is: all came, in order, none over 64 ms after the other. One chunk says so.
        plain = base == self._next and count <= _LONGEST_RUN and numbers == list(range(base, base + count))
        if plain and min(deltas) >= 0 and max(deltas) <= 255:
            padding = -(count + 2) % 4
            self.counters["feedback_sent"] += 1
            self._send(
                _feedback(
                    0x8F,
                    205,
                    4 + (count + 2 + padding) // 4,
                    SENDER,
                    0,
                    base,
                    count,
                    (reference & 0xFF_FFFF) << 8 | self._count,
                    0x2000 | count,
                )
                + bytes(deltas)
                + bytes(padding)
            )
            self._count = (self._count + 1) & 0xFF
            self._unwrapper.unwrap(base + count - 1)
            self._next = (base + count) & 0xFFFF
            return
        arrivals: dict[int, int] = {}
        for number, tick in zip(numbers, ticks, strict=True):
            arrivals.setdefault(self._unwrapper.unwrap(number), tick * 250)
        messages = feedback_from_arrivals(SENDER, 0, self._count, sorted(arrivals.items()))
        passed = (messages[0].base_sequence - self._next) & 0xFFFF if self._next is not None else 0
        if self._next is not None and passed < _LONGEST_RUN:
            # Each message begins where the last one ended, so that what was lost between them is told too.
            told = (None,) * passed + messages[0].deltas
            messages[0] = replace(messages[0], base_sequence=self._next, deltas=told)
        self._next = (max(arrivals) + 1) & 0xFFFF
        self._count = (self._count + len(messages)) & 0xFF
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
