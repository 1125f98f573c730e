"""What is known about one received stream: its numbering, loss and jitter (RFC 3550), and its gaps (NACK)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.media.sequence_map import extend

#: A missing packet is asked for again after this long, or after the round trip if that is longer.
NACK_REPEAT_S: Final = 0.05
MAX_REPEAT_S: Final = 0.5
#: Packets may overtake each other by this much before one counts as missing.
REORDER_S: Final = 0.01
#: Times one packet is asked for before it is given up.
NACK_TRIES: Final = 10
#: More missing packets than this at once cannot be mended one by one: a key frame is asked for instead.
MAX_GAPS: Final = 256
#: A jump in the numbering by more than this means that the source began anew.
RESTART_JUMP: Final = 3000


class ReceptionReport:
    """The counters of RFC 3550 §6.4.1 and appendix A for one source."""

    def __init__(self, clock_rate: int) -> None:
        self.clock_rate = clock_rate
        self.newest = -1
        self._first = 0
        self.received = 0
        self.repaired = 0
        self._expected_before = 0
        self._received_before = 0
        self._transit: float | None = None
        self._jitter = 0.0
        self.restarts = 0
        self.last_fraction_lost = 0

    def extend(self, seq: int) -> int:
        """The extended number of a 16-bit sequence number just received."""
        if self.newest < 0:
            # The first number is put one cycle up, so that packets before it do not become negative.
            self.newest = seq + 0x1_0000
            self._first = self.newest
            return self.newest
        return extend(seq, self.newest)

    def receive(self, seq: int, timestamp: int, now: float, *, repaired: bool = False) -> None:
        """Count an authentic packet with this extended number.

        One that was `repaired` (by RTX or redundancy) stays lost for the line and says nothing of its jitter.
        """
        if repaired:
            self.repaired += 1
            if seq > self.newest:
                self.newest = seq
            return
        self.received += 1
        transit = now * self.clock_rate - timestamp
        if self._transit is not None and seq > self.newest:
            change = abs(transit - self._transit)
            if change < self.clock_rate * 10:  # a wrapped or restarted clock is not jitter
                self._jitter += (change - self._jitter) / 16
        self._transit = transit
        if seq > self.newest:
            self.newest = seq

    def restart(self, seq: int) -> None:
        """The source began a new numbering at this extended number."""
        self.restarts += 1
        self._first = self.newest = seq
        self.received = self.repaired = self._expected_before = self._received_before = 0
        self._transit = None

    @property
    def expected(self) -> int:
        """Packets that should have come so far."""
        return self.newest - self._first + 1 if self.newest >= 0 else 0

    @property
    def lost(self) -> int:
        """Packets missing so far; duplicates can make it negative, which RFC 3550 allows."""
        return self.expected - self.received

    @property
    def jitter(self) -> int:
        """Interarrival jitter in time stamp units."""
        return int(self._jitter)

    def fraction_lost(self) -> int:
        """Loss since this was last asked, in 1/256 (RFC 3550 A.3)."""
        expected = self.expected - self._expected_before
        received = self.received - self._received_before
        self._expected_before, self._received_before = self.expected, self.received
        lost = expected - received
        self.last_fraction_lost = min(255, (lost << 8) // expected) if expected > 0 and lost > 0 else 0
        return self.last_fraction_lost


@dataclass(slots=True)
class _Gap:
    due: float
    tries: int = 0
    asked_at: float = 0.0


class GapTracker:
    """Which packets are missing and when to ask for them (RFC 4585 §6.2.1), by extended numbers.

    `rtt_s` is learnt from how long the first answers took.
    """

    def __init__(self) -> None:
        self.rtt_s = 0.0
        self._gaps: dict[int, _Gap] = {}
        self.asked = 0
        self.mended = 0
        self.given_up = 0
        self.too_many = 0

    def __len__(self) -> int:
        return len(self._gaps)

    def receive(self, seq: int, newest: int, now: float) -> bool:
        """A packet came; `newest` is the newest before it. False if too much is missing to ask for it."""
        if seq <= newest:
            gap = self._gaps.pop(seq, None)
            if gap is not None and gap.tries:
                self.mended += 1
                if gap.tries == 1:
                    took = now - gap.asked_at
                    self.rtt_s = took if not self.rtt_s else self.rtt_s * 0.8 + took * 0.2
            return True
        missing = seq - newest - 1
        if missing == 0:
            return True
        if missing + len(self._gaps) > MAX_GAPS:
            self.too_many += missing + len(self._gaps)
            self._gaps.clear()
            return False
        for number in range(newest + 1, seq):
            self._gaps[number] = _Gap(now + REORDER_S)
        return True

    def due(self, now: float) -> list[int]:
        """The numbers to ask for now, oldest first; those asked for too often are given up."""
        if not self._gaps:
            return []
        ask = []
        repeat = min(MAX_REPEAT_S, max(NACK_REPEAT_S, self.rtt_s * 1.25))
        for number, gap in list(self._gaps.items()):
            if now < gap.due:
                continue
            if gap.tries >= NACK_TRIES:
                del self._gaps[number]
                self.given_up += 1
                continue
            gap.tries += 1
            gap.asked_at, gap.due = now, now + repeat
            ask.append(number)
        self.asked += len(ask)
        return ask

    def clear(self) -> None:
        """Nothing of before matters any more: the source began anew."""
        self._gaps.clear()

    def dump(self) -> dict[str, int]:
        """The tracker for people."""
        return {
            "open": len(self._gaps),
            "asked": self.asked,
            "mended": self.mended,
            "given_up": self.given_up,
            "too_many": self.too_many,
            "rtt_ms": round(self.rtt_s * 1000),
        }
