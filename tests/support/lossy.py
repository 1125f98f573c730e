"""A bad line, and a network of such lines in virtual time: seeded, so that the same seed gives the same fate to each.

`Line` says how bad, `Path` decides what becomes of each datagram (here and in `udp_relay`, on real sockets).
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bursts:
    """Loss in bursts (Gilbert–Elliott, in time): good and bad times of random length with these means follow each
    other; in a bad one each datagram is lost with `loss`.
    """

    good_s: float
    bad_s: float
    loss: float = 1.0

    @property
    def mean_loss(self) -> float:
        """The share lost in the long run."""
        return self.loss * self.bad_s / (self.good_s + self.bad_s)


@dataclass(slots=True)
class Line:
    """How bad a line is, for each direction; may be changed while in use. Probabilities 0 to 1, times in seconds.

    `rate_bps` caps the line (None: no cap) behind a queue of `queue_bytes` that drops what does not fit; `dark`
    is a blackout: nothing passes.
    """

    loss: float = 0.0
    duplicate: float = 0.0
    delay_s: float = 0.01
    jitter_s: float = 0.0
    bursts: Bursts | None = None
    rate_bps: float | None = None
    queue_bytes: int = 50_000
    dark: bool = False


class Path:
    """One direction of a line: its queue, the state of its bursts, what it has done so far: bytes `offered` and passed."""

    def __init__(self, line: Line, chance: random.Random) -> None:
        self.line = line
        self.counters: Counter[str] = Counter()
        self.offered = 0
        self.bytes = 0
        self._chance = chance
        self._bad = True
        self._turns_at = 0.0
        self._free_at = 0.0

    def arrivals(self, size: int, now: float) -> tuple[float, ...]:
        """When a datagram of `size` bytes that is sent now arrives: once, twice, or never."""
        line, chance = self.line, self._chance
        self.counters["sent"] += 1
        self.offered += size
        if line.dark:
            self.counters["dark"] += 1
            return ()
        if chance.random() < line.loss or self._in_burst(now):
            self.counters["lost"] += 1
            return ()
        leaves = now
        if line.rate_bps is not None:
            # Empty or not, the queue drains at the rate of now: what waits is what the line still has to send.
            begins = max(now, self._free_at)
            if (begins - now) * line.rate_bps / 8 + size > line.queue_bytes:
                self.counters["queue_full"] += 1
                return ()
            leaves = self._free_at = begins + size * 8 / line.rate_bps
        self.bytes += size
        copies = 1
        if line.duplicate and chance.random() < line.duplicate:
            self.counters["duplicated"] += 1
            copies = 2
        jitter = line.jitter_s
        return tuple(
            leaves + line.delay_s + (chance.random() * jitter if jitter else 0.0) for _ in range(copies)
        )

    def _in_burst(self, now: float) -> bool:
        bursts = self.line.bursts
        if bursts is None:
            return False
        while now >= self._turns_at:
            self._bad = not self._bad
            mean = bursts.bad_s if self._bad else bursts.good_s
            self._turns_at = max(self._turns_at, now - 1.0) + self._chance.expovariate(1 / mean)
        return self._bad and self._chance.random() < bursts.loss


class LossyNetwork:
    """Virtual time, and the datagrams on their way in it."""

    def __init__(self, seed: int) -> None:
        self.now = 1000.0
        self._chance = random.Random(seed)
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._paths: dict[tuple[int, str], Path] = {}

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Have something happen at a time."""
        heapq.heappush(self._events, (when, next(self._order), action))

    def every(self, seconds: float, action: Callable[[], object]) -> None:
        """Have something happen again and again."""

        def again() -> None:
            action()
            self.at(self.now + seconds, again)

        self.at(self.now + seconds, again)

    def path(self, line: Line, way: str) -> Path:
        """One direction of a line (`way` names it)."""
        known = self._paths.get((id(line), way))
        if known is None:
            known = self._paths[id(line), way] = Path(line, self._chance)
        return known

    def carry(self, line: Line, way: str, size: int, deliver: Callable[[], None]) -> None:
        """Send a datagram over a line: `deliver` happens later, twice, or not at all."""
        for when in self.path(line, way).arrivals(size, self.now):
            self.at(when, deliver)

    def run(self, seconds: float) -> None:
        """Let virtual time pass."""
        end = self.now + seconds
        while self._events and self._events[0][0] <= end:
            self.now, _, action = heapq.heappop(self._events)
            action()
        self.now = end
