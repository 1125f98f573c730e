"""The hub's time in the recorder: an even clock for what is recorded, and what moment each reading of it is.

Within a part time is even, whatever is done to the machine's clock. Which moment that is, control says: so that parts lie
where the journal has what was said and ordered meanwhile, also when recorder and control do not agree on the time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

#: Control's word comes over a line and waits for its turn: less is not taken for a difference.
NOISE_US: Final = 200_000
#: A difference of this much was made by somebody who set a clock.
STEP_US: Final = 1_000_000
_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_US: Final = timedelta(microseconds=1)

log = logging.getLogger(__name__)


class HubTime:
    """`now_us` reads the even clock, in µs; its origin is such that it showed the machine's time when the process began."""

    def __init__(
        self,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        wall_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._monotonic_ns = monotonic_ns
        self._wall_ns = wall_ns
        self._origin_ns = wall_ns() - monotonic_ns()
        self._ahead_us = 0  # what the hub's time is ahead of the even clock
        self._machine_ahead_us = 0  # what the machine's was when it was looked at last

    def now_us(self) -> int:
        """The even clock."""
        return (self._origin_ns + self._monotonic_ns()) // 1000

    def moment(self, at_us: int) -> datetime:
        """What moment a reading of the even clock is."""
        return _EPOCH + (at_us + self._ahead_us) * _US

    def told(self, now: datetime) -> bool:
        """Control says what time it is; whether that is a step, behind which parts must begin anew."""
        return self._take((now - _EPOCH) // _US - self.now_us(), "control's")

    def look(self, control_is_there: bool) -> bool:
        """Look at the machine's clock, which counts while control does not say anything; whether it has stepped."""
        ahead = self._wall_ns() // 1000 - self.now_us()
        moved, self._machine_ahead_us = ahead - self._machine_ahead_us, ahead
        if control_is_there or abs(moved) < STEP_US:
            return False
        return self._take(self._ahead_us + moved, "the machine's")

    def _take(self, ahead_us: int, whose: str) -> bool:
        moved = ahead_us - self._ahead_us
        if abs(moved) >= NOISE_US:
            self._ahead_us = ahead_us
        if abs(moved) < STEP_US:
            return False
        log.warning("%s clock was set by %+.1f s: parts begin anew by it", whose, moved / 1_000_000)
        return True
