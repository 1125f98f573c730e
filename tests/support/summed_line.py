"""The viewer of `bottleneck.Line` with the compiled digest between it and its estimator, as in WatchSide."""

from __future__ import annotations

from typing import Final

from hub.media.egress.watch_side import WatchSide
from hub.media.estimate import line as hub_line
from hub.media.estimate.bandwidth import Estimator
from hub.media.native import native
from hub.media.transport.intake import Intake
from tests.support.bottleneck import Line
from tests.support.media_world import World

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


class Digests:
    """The compiled digest between a World's viewer and his WatchSide. `taken` has how many messages each was of."""

    line: hub_line.Line

    def __init__(self, world: World) -> None:
        self._world = world
        self.taken: list[int] = []
        world.sfu.ingress.use(Intake(native()))

    def follow(self, peer: str) -> None:
        """From now on what this viewer tells goes by the digest, as in the intake."""
        side, line = self._world.sfu.peers[peer].side, self._world.sfu.peers[peer].outlet.line
        assert isinstance(side, WatchSide)
        assert line is not None
        self.line = line
        read, take = side.receive_rtcp, line.take

        def hear(compound: bytes, now: float, waited_s: float = 0.0) -> None:
            became = native().library.hub_line_hear(line.native, compound, len(compound), now)
            if became == NOT_PLAIN:
                read(compound, now, waited_s)
            elif became == DUE:
                side.receive_digest(now)

        def noted() -> hub_line.Digest | None:
            told = take()
            if told is not None:
                self.taken.append(told.messages)
            return told

        side.receive_rtcp = hear  # type: ignore[method-assign]
        line.take = noted  # type: ignore[method-assign]
