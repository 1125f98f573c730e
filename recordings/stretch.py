"""A stretch of a stream: packets whose stamps and arrivals go on evenly. A step, or capture that stalled, begins a new one.

Stamps tell when something was captured, arrivals come later by the way through the network. A way gets longer by any amount
at once, but shorter only as packets catch up, one by one. So most steps show at the first packet behind them; one that looks
like a line that stood still is in doubt until it is seen whether the packets behind it catch up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

#: Arrivals are remembered for one to two of these; in it the quickest packet had a nearly empty way.
WINDOW_US: Final = 10_000_000
#: What came lately, to be compared with that.
LATELY_US: Final = 1_000_000
#: A step of this much is told from the unevenness of a line.
STEP_US: Final = 200_000
#: Whether packets catch up is known after this; where they seem to, it is looked at once more after the second.
DOUBT_US: Final = 700_000
MAX_DOUBT_US: Final = 1_500_000
#: A line that catches up does so by at least one part in so many of the time.
CATCH_UP_PART: Final = 5


class Quickest:
    """The least of what was added within one to two windows of the last addition: `least`, None before there was any."""

    __slots__ = ("_before", "_began_us", "_now", "_window_us", "least")

    def __init__(self, window_us: int = WINDOW_US) -> None:
        self.least: int | None = None
        self._window_us = window_us
        self._now: int | None = None
        self._before: int | None = None
        self._began_us = 0

    def add(self, value_us: int, at_us: int) -> None:
        """One more, seen at `at_us`."""
        if self._now is None or at_us - self._began_us > self._window_us:
            self._before, self._now = self._now, value_us
            self._began_us = at_us
        elif value_us < self._now:
            self._now = value_us
        else:
            return
        self.least = value_us if self._before is None else min(value_us, self._before)


@dataclass(slots=True, eq=False)
class Stretch:
    """What is known of a stretch, in µs.

    `transit` and `lately` are of (arrival - media time). `tied` is the sender's clock less the media time, by a sender report,
    and `tied_lately` what `lately` was then. `place` is what is added to media times now to get moments. `decided` is false
    while it is in doubt whether it is one.
    """

    began_us: int
    decided: bool = True
    transit: Quickest = field(default_factory=Quickest)
    lately: Quickest = field(default_factory=lambda: Quickest(LATELY_US))
    tied: int | None = None
    tied_lately: int | None = None
    place: int | None = None

    @property
    def least(self) -> int:
        """Arrival less media time of the quickest packet."""
        least = self.transit.least
        assert least is not None, "a stretch begins with a packet"
        return least

    def forget_earlier(self) -> None:
        """Stamps and arrivals have moved apart: only what came lately tells how they stand to each other."""
        self.transit, lately = Quickest(), self.lately.least
        if lately is not None:
            self.transit.add(lately, self.began_us)

    def add(self, transit_us: int, arrived_us: int) -> None:
        """A packet arrived."""
        self.transit.add(transit_us, arrived_us)
        self.lately.add(transit_us, arrived_us)


class StretchWatch:
    """Divides one stream into stretches. Packets are given in the order of their numbers."""

    def __init__(self) -> None:
        self.steps = 0
        self.current: Stretch | None = None
        #: The one before the current; while that is in doubt, the one that it may turn out to belong to.
        self.before: Stretch | None = None
        self._media_us = 0
        self._arrived_us = 0
        self._first_transit_us = 0

    def observe(self, media_us: int, arrived_us: int) -> Stretch:
        """A packet made at this media time arrived; returns the stretch it belongs to."""
        transit = arrived_us - media_us
        current = self.current
        if current is None:
            current = self._begin(arrived_us, decided=True)
        elif (opened := self._steps(current, media_us, arrived_us)) is not None:
            if not current.decided:
                self._decide(current, is_step=True)
            current = opened
        current.add(transit, arrived_us)
        if not current.decided:
            self._weigh(current, transit, arrived_us)
        self._media_us, self._arrived_us = media_us, arrived_us
        return current

    def pass_time(self, now_us: int) -> None:
        """Without packets nothing stays in doubt for ever."""
        if self.current is not None and now_us - self.current.began_us > MAX_DOUBT_US:
            self.give_in()

    def give_in(self) -> None:
        """Decide by what is known: nothing more comes."""
        if self.current is not None and not self.current.decided:
            self._decide(self.current, is_step=True)

    def _steps(self, current: Stretch, media_us: int, arrived_us: int) -> Stretch | None:
        """The new stretch that begins with this packet, if one does."""
        forth, passed = media_us - self._media_us, arrived_us - self._arrived_us
        transit, least = arrived_us - media_us, current.least
        if forth < -STEP_US or (forth - passed > STEP_US and transit < least - STEP_US):
            return self._begin(arrived_us, decided=True)
        if current.decided and passed - forth > STEP_US and transit > least + STEP_US:
            self._first_transit_us = transit
            return self._begin(arrived_us, decided=False)
        return None

    def _weigh(self, doubtful: Stretch, transit: int, arrived_us: int) -> None:
        assert self.before is not None
        usual = self.before.least
        if transit < usual + STEP_US // 2:
            self._decide(doubtful, is_step=False)
            return
        since = arrived_us - doubtful.began_us
        if since < DOUBT_US:
            return
        catching_up = self._first_transit_us - doubtful.least > since // CATCH_UP_PART
        if not catching_up or since >= MAX_DOUBT_US:
            self._decide(doubtful, is_step=not catching_up)

    def _decide(self, doubtful: Stretch, *, is_step: bool) -> None:
        doubtful.decided = True
        before = self.before
        if is_step or before is None:
            return
        # The line stood still: this is the stretch of before, under another object, as frames hold on to both.
        self.steps -= 1
        before.transit.add(doubtful.least, doubtful.began_us)
        doubtful.transit, doubtful.lately = before.transit, before.lately
        doubtful.tied, doubtful.tied_lately, doubtful.place = before.tied, before.tied_lately, before.place

    def _begin(self, arrived_us: int, *, decided: bool) -> Stretch:
        self.before, self.current = self.current, Stretch(arrived_us, decided)
        self.steps += self.before is not None
        return self.current
