"""What a line carries, read from its queue: while that is never empty, packets arrive as fast as the line goes.

The trend of the delay needs half a dozen groups to be sure that a queue grows. With twelve pictures a second that is most of a
second, and a short queue is full by then. Where far less arrives than is sent, evenly, a fifth of a second is enough, and what
arrived in it says how far to fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

#: With a shorter queue than this the line is not busy all the time.
_BUSY_S: Final = 0.02
#: What arrives is measured over so long; a longer period may have begun on a wider line.
_LEAST_S: Final = 0.2
_MOST_S: Final = 0.6
#: The line is too narrow if it carries less than this share of what is sent, with so long a queue, …
_SHARE: Final = 0.8
_QUEUE_S: Final = 0.06
#: … and evenly: a gap that is so many times the mean is a line that stopped, jitters or became longer.
_EVEN: Final = 3.0


class BusyPeriod:
    """Fed with what each message tells. Times in seconds."""

    __slots__ = ("_began", "_bytes", "_packets", "_queue_s", "_until", "_widest_s")

    def __init__(self) -> None:
        self._began: float | None = None
        self._until = self._queue_s = self._widest_s = 0.0
        self._bytes = self._packets = 0

    def told(self, queue_s: float, arrivals: Sequence[float], octets: int) -> None:
        """These packets arrived, so many bytes; the last group seems to have queued so long."""
        if self._began is None or queue_s < _BUSY_S or arrivals[-1] - self._began > _MOST_S:
            self.begin(queue_s, arrivals[-1])
            return
        widest = max((after - before for before, after in pairwise(arrivals)), default=0.0)
        self._widest_s = max(self._widest_s, widest, arrivals[0] - self._until)
        self._queue_s, self._until = queue_s, arrivals[-1]
        self._bytes += octets
        self._packets += len(arrivals)

    def begin(self, queue_s: float, arrived: float) -> None:
        """Nothing is known of how packets arrived up to now: count from here on."""
        self._began = self._until = arrived
        self._queue_s = queue_s
        self._bytes = self._packets = 0
        self._widest_s = 0.0

    def forget(self) -> None:
        """What arrives from now on is what counts."""
        self._began = None

    def narrow_bps(self, sent_bps: float) -> float | None:
        """What the line carries, if that is clearly less than what is sent; else None."""
        span = self._until - self._began if self._began is not None else 0.0
        if span < _LEAST_S or self._queue_s < _QUEUE_S or self._widest_s > _EVEN * span / self._packets:
            return None
        carried = self._bytes * 8 / span
        return carried if carried < _SHARE * sent_bps else None
