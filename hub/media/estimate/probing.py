"""Probes: for a moment a viewer is sent more, as padding, to see whether its line carries it.

Layers are steps of a factor three, so an estimate that only follows what is sent would never allow the next one. A
probe lasts long enough (150 ms) that the bucket of a traffic shaper does not pass for a line, and is asked for in a
few portions, whenever the owner has its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: Length of a probe (at least two portions), and for how long a portion is: somewhat longer than from turn to turn.
PROBE_S: Final = 0.15
_PORTION_LEAST_S: Final = 0.06
_PORTION_MOST_S: Final = 0.25
_PORTION_TURNS: Final = 1.15
#: A loss test takes longer: it has to count many packets, all of full size (a policer lets small ones slip through).
TEST_S: Final = 0.4
#: Payload bytes of a padding packet.
PADDING_BYTES: Final = 1100
#: Padding in one portion at most.
_PORTION_BYTES: Final = 60_000
#: A probe tries twice the estimate; if a little more is all that is wanted, that.
_STEP: Final = 2.0
_MARGIN: Final = 1.2
#: The first probe comes this long after the first feedback, the next after a success, after a failure.
FIRST_S: Final = 0.3
AFTER_SUCCESS_S: Final = 0.25
_AFTER_FAILURE_S: Final = 2.5
_AFTER_FAILURE_MAX_S: Final = 12.0
_AFTER_NOTHING_S: Final = 2.0
#: The answer to a probe comes within this and a round trip, or never.
_ANSWER_S: Final = 1.5
#: Fewer packets arrived: it showed nothing.
_LEAST_PACKETS: Final = 4
#: So much of a probe at least has to be told of.
_HEARD_OF: Final = 0.75
#: Having arrived slower than this share of how it was sent, it met the limit of the line.
_SATURATED: Final = 0.9
#: So much loss (or the line's own, as it varies) does not speak against what was sent.
_LOSS_FORGIVEN: Final = 0.1

_IDLE: Final = 0
_SENDING: Final = 1
_AWAITED: Final = 2


class Prober:
    """One probe at a time. `first` and `end` are the 16-bit transport-wide numbers it lies between."""

    __slots__ = (
        "_arrived_first",
        "_arrived_last",
        "_backoff_s",
        "_bytes_arrived",
        "_bytes_sent",
        "_deadline",
        "_due",
        "_first_bytes",
        "_last_bytes",
        "_packets",
        "_packets_lost",
        "_paid_until",
        "_portion_s",
        "_sent_first",
        "_sent_last",
        "_state",
        "_stop_at",
        "end",
        "failed",
        "first",
        "probes",
        "succeeded",
        "target_bps",
        "testing",
    )

    def __init__(self) -> None:
        self.target_bps = 0.0
        self.testing = False
        self.first: int | None = None
        self.end: int | None = None
        self.probes = self.succeeded = self.failed = 0
        self._state = _IDLE
        self._due = float("inf")
        self._backoff_s = _AFTER_FAILURE_S
        self._deadline = self._stop_at = self._paid_until = 0.0
        self._portion_s = _PORTION_LEAST_S
        self._bytes_sent = self._last_bytes = self._bytes_arrived = self._first_bytes = 0
        self._packets = self._packets_lost = 0
        self._sent_first = -1.0
        self._sent_last = self._arrived_first = self._arrived_last = 0.0

    @property
    def under_way(self) -> bool:
        """Whether packets of a probe are on their way or still to come."""
        return self._state != _IDLE

    def allow(self, when: float) -> None:
        """There is feedback: the first probe may begin then."""
        self._due = min(self._due, when)

    def postpone(self, until: float) -> None:
        """No probe before this: the line just showed its limit."""
        self._due = max(self._due, until)

    def hurry(self, now: float) -> None:
        """The next probe may begin at once, whatever became of the last."""
        self._due = min(self._due, now)

    def begin(
        self,
        estimate: float,
        wanted: float,
        sent_bps: float,
        testing: bool,
        first: int,
        turn_s: float,
        now: float,
    ) -> bool:
        """Begin a probe if it is time for one; `first` is the number its first packet will have, `turn_s` how long it is
        from one call of `portion` to the next."""
        if self._state != _IDLE or (now < self._due and not testing):
            return False
        base = max(sent_bps, 64_000.0) if testing else estimate
        self.target_bps = base * _STEP if testing else min(base * _STEP, wanted * _MARGIN)
        self.testing, self.first, self.end = testing, first, None
        self.probes += 1
        self._state = _SENDING
        self._portion_s = min(max(_PORTION_TURNS * turn_s, _PORTION_LEAST_S), _PORTION_MOST_S)
        self._stop_at = now + max(TEST_S if testing else PROBE_S, 2 * self._portion_s)
        self._paid_until = now
        self._forget()
        return True

    def portion(self, sent_bps: float, next_number: int, rtt_s: float, now: float) -> list[int]:
        """The padding that is due now beside media of `sent_bps`; empty when none is. All of it has to be
        sent at once, under the numbers that follow `next_number`."""
        if self._state != _SENDING:
            if self._state == _AWAITED and now > self._deadline:
                self.again(now)
            return []
        # Paid until: padding for the time up to there is out. Each portion is paid in advance.
        until = min(now + self._portion_s, self._stop_at)
        length_s = until - self._paid_until
        packets = 1
        if length_s > 0.0:
            self._paid_until = until
            extra = max(self.target_bps - sent_bps, 0.2 * self.target_bps) * length_s / 8
            packets = max(1, round(min(extra, _PORTION_BYTES) / PADDING_BYTES))
        elif now < self._stop_at:
            return []
        if until >= self._stop_at:
            # What is measured ends with the last of the padding: what follows is media alone again.
            self._state, self.end = _AWAITED, (next_number + packets) & 0xFFFF
            self._deadline = now + _ANSWER_S + rtt_s
        return [PADDING_BYTES] * packets

    def take(
        self,
        first: int,
        sent_at: float,
        sizes: Sequence[int],
        arrivals: Sequence[float | None],
    ) -> None:
        """Packets from number `first` on were sent then and arrived then (None: lost)."""
        if self.first is None or (first - self.first) & 0xFFFF >= 0x8000:
            return
        if self.end is not None and (first - self.end) & 0xFFFF < 0x8000:
            return
        if self._sent_first < 0.0:
            self._sent_first = sent_at
        portion = sum(sizes)
        self._last_bytes = portion + (self._last_bytes if sent_at - self._sent_last < 0.005 else 0)
        self._sent_last = sent_at
        self._bytes_sent += portion
        for size, arrival in zip(sizes, arrivals, strict=True):
            if arrival is None:
                self._packets_lost += 1
                continue
            self._packets += 1
            self._bytes_arrived += size
            if self._packets == 1:
                self._arrived_first, self._first_bytes = arrival, size
            self._arrived_last = max(self._arrived_last, arrival)

    def complete(self, covered: int) -> bool:
        """Whether feedback that covers all below this number covers the whole probe."""
        return self._state == _AWAITED and self.end is not None and (covered - self.end) & 0xFFFF < 0x8000

    def evaluate(self, inherent_loss: float) -> tuple[float, bool, float] | None:
        """(bit rate that was carried, whether that was the line's limit, loss); None if it showed nothing."""
        packets = self._packets + self._packets_lost
        sent_s = self._sent_last - self._sent_first
        expected = (self.end - self.first) & 0xFFFF if self.first is not None and self.end is not None else 0
        if self._packets < _LEAST_PACKETS or packets < _HEARD_OF * expected or sent_s < 0.02:
            return None
        loss = self._packets_lost / packets
        sent_bps = (self._bytes_sent - self._last_bytes) * 8 / sent_s
        arrived_s = max(self._arrived_last - self._arrived_first, 0.5 * sent_s)
        arrived_bps = (
            (self._bytes_arrived - self._first_bytes)
            * 8
            / arrived_s
            / (1.0 - min(loss, max(1.3 * inherent_loss, _LOSS_FORGIVEN)))
        )
        saturated = arrived_bps < _SATURATED * sent_bps
        return min(sent_bps, arrived_bps), saturated, loss

    def finish(self, raised: bool, now: float) -> None:
        """The probe was evaluated: after a success the next may follow at once, after a failure not."""
        if raised:
            self.succeeded += 1
            self._state = _IDLE
            self._backoff_s = _AFTER_FAILURE_S
            self._due = now + AFTER_SUCCESS_S
            self.first = None
        else:
            self._fail(now)

    def again(self, now: float) -> None:
        """The probe showed nothing: feedback about it was lost, or its padding was never sent."""
        self._state = _IDLE
        self.first = None
        self._due = now + _AFTER_NOTHING_S

    def cancel(self, now: float) -> None:
        """The line was gone or is another: what is under way shows nothing, what failed before counts no more."""
        self._state = _IDLE
        self.first = None
        self._due = now + FIRST_S
        self._backoff_s = _AFTER_FAILURE_S

    def _fail(self, now: float) -> None:
        self.failed += 1
        self._state = _IDLE
        self.first = None
        self._due = now + self._backoff_s
        self._backoff_s = min(self._backoff_s * 1.5, _AFTER_FAILURE_MAX_S)

    def _forget(self) -> None:
        self._bytes_sent = self._last_bytes = self._bytes_arrived = self._first_bytes = 0
        self._packets = self._packets_lost = 0
        self._sent_first = -1.0
        self._sent_last = self._arrived_first = self._arrived_last = 0.0
