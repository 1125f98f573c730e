"""A bad network in virtual time: seeded loss, duplication, delay and reordering; ten minutes pass in a second."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Line:
    """How bad one direction of a path is. Probabilities 0 to 1, times in seconds."""

    loss: float = 0.0
    duplicate: float = 0.0
    delay_s: float = 0.01
    jitter_s: float = 0.0


class LossyNetwork:
    """Virtual time, and the datagrams on their way in it. The same seed gives the same fate to each."""

    def __init__(self, seed: int) -> None:
        self.now = 1000.0
        self.counters: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Have something happen at a time."""
        heapq.heappush(self._events, (when, next(self._order), action))

    def every(self, seconds: float, action: Callable[[], None]) -> None:
        """Have something happen again and again."""

        def again() -> None:
            action()
            self.at(self.now + seconds, again)

        self.at(self.now + seconds, again)

    def carry(self, line: Line, deliver: Callable[[], None]) -> None:
        """Send a datagram over a line: `deliver` happens later, twice, or not at all."""
        self.counters["sent"] += 1
        if self._chance.random() < line.loss:
            self.counters["lost"] += 1
            return
        copies = 2 if self._chance.random() < line.duplicate else 1
        self.counters["duplicated"] += copies - 1
        for _ in range(copies):
            self.at(self.now + line.delay_s + self._chance.random() * line.jitter_s, deliver)

    def run(self, seconds: float) -> None:
        """Let virtual time pass."""
        end = self.now + seconds
        while self._events and self._events[0][0] <= end:
            self.now, _, action = heapq.heappop(self._events)
            action()
        self.now = end
