"""Time: the one place that reads the wall clock and writes it down."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

#: Returns the present moment, timezone-aware UTC. Passed in wherever time matters, so that tests own it.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


#: A wall clock that moves this far against the monotonic one was set; less is its being kept.
STEP: Final = timedelta(seconds=1)
#: While a clock that was set back catches up, time goes on at this part of its pace.
CATCHING_UP_PACE: Final = 0.5

log = logging.getLogger(__name__)


class ForwardClock:
    """The wall clock as the journal needs it: it never runs back, and never stands still.

    A wall clock that is set forward is followed at once. One that is set back is not: time goes on from the latest moment that
    was given, by the monotonic clock; at its own pace while `keeps_pace` says so (then durations and the recordings beside
    them stay right), at half of it otherwise, until the wall clock has caught up. One line in the log tells of each step.
    """

    def __init__(
        self,
        wall: Clock = system_clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        keeps_pace: Callable[[], bool] = lambda: False,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._keeps_pace = keeps_pace
        self._given = wall()
        self._given_at = monotonic()
        self._behind = False  # the wall clock is, of what was given

    def __call__(self) -> datetime:
        """Now."""
        wall, now = self._wall(), self._monotonic()
        passed = timedelta(seconds=now - self._given_at)
        step = wall - self._given - passed
        if self._behind or wall < self._given:
            self._given = self._go_on(wall, passed, step)
        else:
            if step >= STEP:
                log.warning("the machine's clock was set forward by %s: the hub follows", step)
            self._given = wall
        self._given_at = now
        return self._given

    def _go_on(self, wall: datetime, passed: timedelta, step: timedelta) -> datetime:
        """What comes after what was given, which the wall clock has not reached again."""
        going = self._given + (passed if self._keeps_pace() else passed * CATCHING_UP_PACE)
        if wall >= going:
            if self._behind:
                log.info("the machine's clock has caught up with the hub's time")
            self._behind = False
            return wall
        if not self._behind and -step >= STEP:
            self._behind = True
            log.warning(
                "the machine's clock was set back by %s: the hub's time goes on until that has caught up",
                -step,
            )
        return going

    def not_before(self, moment: datetime) -> None:
        """Something was written at this moment already: time goes on from there."""
        if moment > self():
            self._given = moment
            self()  # tells of it


def to_wire(moment: datetime) -> str:
    """RFC 3339 with microseconds and Z, the only form written anywhere: ``2026-11-23T08:00:00.000000Z``."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:-6]}Z"


def from_wire(text: str) -> datetime:
    """The moment written in RFC 3339 with an offset. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset")
    return moment.astimezone(UTC)
