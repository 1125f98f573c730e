"""What is known about one received stream: its numbering, loss and jitter (RFC 3550), and its gaps (NACK)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.media.row.sequence_map import extend

#: Round trip reckoned with until one was seen (Chromium does the same).
INITIAL_RTT_S: Final = 0.1
#: A missing packet is asked for again when its answer is overdue: after the round trip and its spread, within these.
MIN_REPEAT_S: Final = 0.025
MAX_REPEAT_S: Final = 0.5
#: Packets may overtake each other by this much before one counts as missing; more where a line is seen to do more.
REORDER_S: Final = 0.01
MAX_REORDER_S: Final = 0.06
#: A packet is given up after so many requests, or when it has been missing for so long (three round trips on a very
#: long line): viewers hold a picture back for less.
NACK_TRIES: Final = 10
GIVE_UP_S: Final = 1.0
#: More missing packets than this at once cannot be mended one by one: a key frame is asked for instead.
MAX_GAPS: Final = 256
#: After a silence as long as GIVE_UP_S, so many missing are those of an outage: too old by now to be of use to anybody. Fewer
#: may be the first of a new picture of a screen that stood still.
OUTAGE_PACKETS: Final = 16
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
    """A missing packet: noticed when, asked for how often, when last and when before that, and when again."""

    noticed: float
    due: float
    tries: int = 0
    asked_at: float = 0.0
    asked_before: float = 0.0


class GapTracker:
    """Which packets are missing and when to ask for them (RFC 4585 §6.2.1), by extended numbers.

    `rtt_s` is learnt from how long the answers take; 0 until the first.
    """

    def __init__(self) -> None:
        self.rtt_s = 0.0
        self.asked = 0
        self.mended = 0
        self.given_up = 0
        self.too_many = 0
        self._gaps: dict[int, _Gap] = {}
        self._spread_s = 0.0
        self._reorder_s = REORDER_S
        self.last_key_frame = -1
        self._broken = False
        self._heard_at = float("inf")

    def __len__(self) -> int:
        return len(self._gaps)

    def receive(self, seq: int, newest: int, now: float) -> bool:
        """A packet came; `newest` is the newest before it. False if too much is missing, or for too long, to ask for it."""
        silent_s, self._heard_at = now - self._heard_at, now
        if seq <= newest:
            gap = self._gaps.pop(seq, None)
            if gap is not None:
                self._closed(gap, now)
            return True
        missing = seq - newest - 1
        if missing == 0:
            return True
        if missing + len(self._gaps) > MAX_GAPS or (silent_s >= GIVE_UP_S and missing >= OUTAGE_PACKETS):
            self.too_many += missing + len(self._gaps)
            self._gaps.clear()
            return False
        for number in range(newest + 1, seq):
            self._gaps[number] = _Gap(now, now + self._reorder_s)
        return True

    def key_frame(self, seq: int) -> None:
        """A key frame begins here: nobody needs a new one for what was lost before it."""
        self.last_key_frame = max(self.last_key_frame, seq)

    def due(self, now: float) -> list[int]:
        """The numbers to ask for now, oldest first; those missing for too long are given up (see `take_broken`)."""
        if not self._gaps:
            return []
        ask = []
        repeat = self.repeat_s
        give_up = max(GIVE_UP_S, 3 * self.rtt_s)
        for number, gap in list(self._gaps.items()):
            if now < gap.due:
                continue
            if gap.tries >= NACK_TRIES or now - gap.noticed >= give_up:
                del self._gaps[number]
                self.given_up += 1
                self._broken |= number > self.last_key_frame
                continue
            gap.tries += 1
            gap.asked_before, gap.asked_at, gap.due = gap.asked_at, now, now + repeat
            ask.append(number)
        self.asked += len(ask)
        return ask

    def take_broken(self) -> bool:
        """Whether something was given up since this was last asked that only a key frame can mend."""
        broken, self._broken = self._broken, False
        return broken

    @property
    def repeat_s(self) -> float:
        """How long an answer is waited for: a round trip and four times its spread, as TCP does (RFC 6298 §2)."""
        if not self.rtt_s:
            return INITIAL_RTT_S
        return min(MAX_REPEAT_S, max(MIN_REPEAT_S, self.rtt_s + max(0.01, 4 * self._spread_s)))

    def _closed(self, gap: _Gap, now: float) -> None:
        """Learn from a packet that came after all: the round trip, or by how much packets overtake each other."""
        if not gap.tries:
            late = now - gap.noticed
            self._reorder_s = max(self._reorder_s, min(MAX_REORDER_S, late * 1.25))
            return
        self.mended += 1
        self._reorder_s = max(REORDER_S, self._reorder_s * 0.99)
        took = now - gap.asked_at
        if gap.tries > 1 and took < (self.rtt_s or INITIAL_RTT_S) / 2:
            # Too soon for an answer to the last request: it is one to the request before.
            took = now - gap.asked_before
        if not self.rtt_s:
            self.rtt_s, self._spread_s = took, took / 4
            return
        self._spread_s += (abs(took - self.rtt_s) - self._spread_s) / 4
        self.rtt_s += (took - self.rtt_s) / 8

    def clear(self) -> None:
        """Nothing of before matters any more: the source began anew."""
        self._gaps.clear()
        self.last_key_frame = -1
        self._broken = False

    def dump(self) -> dict[str, int]:
        """The tracker for people."""
        return {
            "open": len(self._gaps),
            "asked": self.asked,
            "mended": self.mended,
            "given_up": self.given_up,
            "too_many": self.too_many,
            "rtt_ms": round(self.rtt_s * 1000),
            "repeat_ms": round(self.repeat_s * 1000),
            "reorder_ms": round(self._reorder_s * 1000),
        }
