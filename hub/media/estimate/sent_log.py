"""What left to one viewer under which transport-wide numbers and was not told of yet.

Two keep it: `BatchLog` here, and `hub.media.estimate.line.Line`, into which the compiled fan-out writes as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

#: Batches remembered until there is feedback (three words each): 340 ms of 16 lively slots, seconds of one.
_BATCHES: Final = 256


class Told(NamedTuple):
    """Packets that left together, as a message about them finds them: `place` is that of the first in the message,
    `sizes` in bytes, `sent_at` when they left."""

    place: int
    sizes: Sequence[int]
    sent_at: float


class SentLog(Protocol):
    """Numbers are of 16 bits, and told of in order: what is told of, and all before it, is over."""

    def sent(self, first_number: int, sizes: Sequence[int], now: float) -> None:
        """Packets of these sizes left under consecutive numbers. `sizes` may be kept."""

    @property
    def next_number(self) -> int:
        """The number that the next packet will have, if numbers are consecutive."""

    def span(self, now: float) -> tuple[float, float]:
        """When the oldest and the newest left that were not told of; zeros if there are none."""

    def tell(self, base: int, count: int, now: float) -> list[Told]:
        """A message tells of `count` packets from `base` on: those of them that left and were not told of before."""

    def tell_all(self, covered: int) -> None:
        """Everything before this number was told of."""

    def forget(self) -> None:
        """Nothing that has left so far will be of interest."""

    def __len__(self) -> int:
        """Packets that were not told of."""


class BatchLog:
    """A SentLog of batches: first number, sizes, time sent, and again; flat, so that a batch costs one object."""

    def __init__(self) -> None:
        self._log: list[object] = []
        self._end = 0

    def sent(self, first_number: int, sizes: Sequence[int], now: float) -> None:
        """SentLog."""
        log = self._log
        log += (first_number, sizes, now)
        if len(log) > 3 * _BATCHES:
            del log[: 3 * _BATCHES // 2]

    @property
    def next_number(self) -> int:
        """SentLog."""
        log = self._log
        if not log:
            return self._end
        first: int = log[-3]  # type: ignore[assignment]
        sizes: Sequence[int] = log[-2]  # type: ignore[assignment]
        return (first + len(sizes)) & 0xFFFF

    def span(self, now: float) -> tuple[float, float]:
        """SentLog."""
        log = self._log
        return (log[2], log[-1]) if log else (0.0, 0.0)  # type: ignore[return-value]

    def tell(self, base: int, count: int, now: float) -> list[Told]:
        """SentLog."""
        log, at, index = self._log, 0, 0
        stop = len(log)
        found: list[Told] = []
        while index < count and at < stop:
            first: int = log[at]  # type: ignore[assignment]
            sizes: Sequence[int] = log[at + 1]  # type: ignore[assignment]
            skip = (base + index - first) & 0xFFFF
            take = length = len(sizes)
            if skip:
                if skip >= 0x8000:
                    index += 0x1_0000 - skip  # told before, or not sent by us
                    continue
                if skip >= length:
                    at += 3  # its feedback was lost
                    continue
                take -= skip
            if take > count - index:
                take = count - index
            if take != length:
                sizes = sizes[skip : skip + take]
            found.append(Told(index, sizes, log[at + 2]))  # type: ignore[arg-type]
            index += take
            at += 3
        if found:
            self.tell_all((base + count) & 0xFFFF)
        return found

    def tell_all(self, covered: int) -> None:
        """SentLog."""
        log, at = self._log, 0
        stop = len(log)
        while at < stop:
            first: int = log[at]  # type: ignore[assignment]
            sizes: Sequence[int] = log[at + 1]  # type: ignore[assignment]
            over = (covered - first) & 0xFFFF
            if over >= 0x8000:
                break
            if over < len(sizes):
                log[at : at + 2] = covered, sizes[over:]
                break
            self._end = (first + len(sizes)) & 0xFFFF
            at += 3
        del log[:at]

    def forget(self) -> None:
        """SentLog."""
        self._end = self.next_number
        self._log.clear()

    def __len__(self) -> int:
        return sum(len(sizes) for sizes in self._log[1::3])  # type: ignore[misc,arg-type]
