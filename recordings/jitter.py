"""Puts the packets of one stream back in order, asks for missing ones, and gives up on them after half a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.wire.serial import diff16
from recordings.packets import RtpPacket

#: How long a missing packet is waited for. Ten round trips of a bad country line; it delays the file, not a viewer.
MAX_WAIT_US: Final = 500_000
#: A packet is taken for missing, not merely late, when it is overtaken by this much time.
REORDER_US: Final = 20_000
#: Pause between two NACKs for the same packet, and how often it is asked for: an answer that is lost in a full queue is
#: not helped by more answers in the same queue.
REPEAT_US: Final = 120_000
MAX_ASKED: Final = 3
#: Most packets that are asked for while they are missing; more is a broken line, where only a key frame helps.
MAX_NACKED: Final = 128
#: A jump of the sequence by more than this is a source that began anew (RFC 3550 A.1, MAX_DROPOUT).
MAX_JUMP: Final = 3000


@dataclass(frozen=True, slots=True)
class Arrived:
    """A packet in its place. `lost_before` packets right before it never came.

    One that was overtaken counts as arrived when that was seen: what a way by NACK takes says nothing of when it was made.
    """

    packet: RtpPacket
    arrived_us: int
    lost_before: int


@dataclass(slots=True)
class _Missing:
    since_us: int
    asked_us: int = 0
    asked: int = 0


class JitterBuffer:
    """Reordering of one stream by sequence number. Time (µs, any origin) is passed in; nothing is awaited.

    Counters: `duplicates`, `late` (came after they had been given up), `lost` (given up), `restarts`.
    """

    def __init__(self) -> None:
        self.duplicates = 0
        self.late = 0
        self.lost = 0
        self.restarts = 0
        self._first: list[tuple[RtpPacket, int]] = []  # what came while the beginning is not settled
        self._next: int | None = None  # extended sequence number that is due; None before
        self._newest = 0
        self._held: dict[int, tuple[RtpPacket, int]] = {}
        self._missing: dict[int, _Missing] = {}  # in rising order
        self._lost_before = 0

    def push(self, packet: RtpPacket, now_us: int) -> list[Arrived]:
        """Take a packet; returns those that are now in order.

        The first packets are held for REORDER_US, because the very first to arrive may not be the first sent.
        """
        if self._next is None:
            self._first.append((packet, now_us))
            return self._begin(now_us)
        return self._place(packet, now_us)

    def _place(self, packet: RtpPacket, now_us: int) -> list[Arrived]:
        assert self._next is not None
        jump = diff16(packet.sequence, self._newest)
        if abs(jump) > MAX_JUMP:
            return self._begin_anew(packet, now_us)
        number = self._newest + jump
        if number < self._next:
            self.late += 1
            return []
        if number in self._held:
            self.duplicates += 1
            return []
        for between in range(self._newest + 1, number):
            self._missing[between] = _Missing(now_us)
        self._newest = max(self._newest, number)
        missing = self._missing.pop(number, None)
        self._held[number] = (packet, now_us if missing is None else missing.since_us)
        return self._in_order()

    def give_up(self, now_us: int) -> list[Arrived]:
        """Stop waiting for packets that are overdue; returns those that are now in order."""
        ready = self._begin(now_us)
        while self._missing:
            oldest = next(iter(self._missing))
            if now_us - self._missing[oldest].since_us < MAX_WAIT_US:
                break
            ready += self._skip(oldest)
        return ready

    def flush(self) -> list[Arrived]:
        """Everything that is held, without waiting any longer: the stream has ended."""
        ready = self._begin(None)
        while self._missing:
            ready += self._skip(next(iter(self._missing)))
        return ready

    def nacks(self, now_us: int) -> list[int]:
        """16-bit numbers of the packets to ask for now, oldest first; each MAX_ASKED times."""
        if len(self._missing) > MAX_NACKED:
            return []
        wanted: list[int] = []
        for number, missing in self._missing.items():
            due_us = missing.asked_us + REPEAT_US if missing.asked else missing.since_us + REORDER_US
            if now_us >= due_us and missing.asked < MAX_ASKED:
                missing.asked_us = now_us
                missing.asked += 1
                wanted.append(number & 0xFFFF)
        return wanted

    def dump(self) -> dict[str, int]:
        """What is held and what was lost, for people."""
        return {
            "held": len(self._held) + len(self._first),
            "missing": len(self._missing),
            "duplicates": self.duplicates,
            "late": self.late,
            "lost": self.lost,
            "restarts": self.restarts,
        }

    def _begin(self, now_us: int | None) -> list[Arrived]:
        """Settle which packet is the first, when it is time for that; None: now, whatever the time."""
        if not self._first or (now_us is not None and now_us - self._first[0][1] < REORDER_US):
            return []
        anchor = self._first[0][0].sequence
        waiting, self._first = sorted(self._first, key=lambda each: diff16(each[0].sequence, anchor)), []
        self._next = self._newest = waiting[0][0].sequence
        return [arrived for packet, at_us in waiting for arrived in self._place(packet, at_us)]

    def _in_order(self) -> list[Arrived]:
        ready: list[Arrived] = []
        while self._next is not None and (held := self._held.pop(self._next, None)) is not None:
            ready.append(Arrived(held[0], held[1], self._lost_before))
            self._lost_before = 0
            self._next += 1
        return ready

    def _skip(self, number: int) -> list[Arrived]:
        """`number`, the oldest one missing, and so the one that is due, will not come any more."""
        del self._missing[number]
        self.lost += 1
        self._lost_before += 1
        self._next = number + 1
        return self._in_order()

    def _begin_anew(self, packet: RtpPacket, now_us: int) -> list[Arrived]:
        """The source began anew. What is still held of the old run is out of reach of its missing packets."""
        ready = self.flush()
        self.restarts += 1
        self._next = self._newest = packet.sequence
        self._lost_before = 1
        self._held[self._next] = (packet, now_us)
        return ready + self._in_order()
