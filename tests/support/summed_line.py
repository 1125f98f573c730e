"""The viewer of `bottleneck.Line` with the compiled digest between it and its estimator, as in WatchSide."""

from __future__ import annotations

from typing import Final

from hub.media import line as hub_line
from hub.media.bandwidth import Estimator
from hub.media.native import native
from tests.support.bottleneck import Line

#: What hub_line_hear says (native/feedback.h).
NOT_PLAIN: Final = 0
ADDED: Final = 1
DUE: Final = 2


class Summing:
    """An estimator that is told of plain messages in sums. `left` counts the messages that were left to Python;
    `settled` is what WatchSide says of a viewer who wants for nothing."""

    def __init__(self, estimator: Estimator, next_number: int) -> None:
        self.estimator = estimator
        self.line = hub_line.Line(native(), next_number & 0xFFFF)
        estimator.keep_in(self.line)
        self.left = 0
        self.settled = False

    def sent(self, first: int, sizes: tuple[int, ...], now: float) -> None:
        """Packets leave."""
        self.estimator.sent(first & 0xFFFF, sizes, now)

    def hear(self, message: bytes, now: float) -> int:
        """A message comes; what the compiled part says to it."""
        became: int = native().library.hub_line_hear(self.line.native, message, len(message), now)
        if became == ADDED:
            return became
        self.take(now)
        if became == NOT_PLAIN:
            self.left += 1
            self.estimator.feedback(message, now)
        self.estimator.instruct(self.line, settled=self.settled)
        return became

    def take(self, now: float) -> hub_line.Digest | None:
        """What was summed up is told."""
        told = self.line.take()
        if told is not None:
            self.estimator.digest(told, now)
        return told


class SummedLine(Line):
    """A drop-in for `Line`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.summing = Summing(self.estimator, self.first_number)

    def _tick(self) -> None:
        if self.summing.line.waits(self.now):
            self.summing.take(self.now)
        super()._tick()
        if self.estimator.attentive:
            self.summing.line.attend()

    def _hear(self, data: bytes) -> None:
        if self.summing.hear(data, self.now) == ADDED:
            return
        self._serve()
        self.estimator.instruct(self.summing.line)
