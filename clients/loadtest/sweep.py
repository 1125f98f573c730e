"""Looks at every viewer by the clock instead of being woken for every datagram.

Arrival times are the kernel's, so a look each 50 ms measures as well as one for each packet, for a fraction of the
cost, and the sender of a packet does not pay for waking us either. Viewers are looked at in groups spread over the period, so
that what they say back does not come in one burst.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final, Protocol

#: How often each viewer is looked at, and with more viewers than MANY (their feedback goes out that often anyway;
#: only a request for a missing packet leaves a little later than a browser's).
PERIOD_S: Final = 0.05
PERIOD_OF_MANY_S: Final = 0.1
MANY: Final = 300
#: In so many groups, one after the other.
GROUPS: Final = 20

log = logging.getLogger(__name__)


class Swept(Protocol):
    """Somebody who wants to be looked at."""

    def sweep(self, now: float) -> None: ...


class Sweeper:
    """Runs while anybody is in it. `late_s` is how late a look began at worst: more than the period says that
    this process, not the hub, is too slow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.late_s = 0.0
        #: Viewers lost by a bug of ours.
        self.failed = 0
        self._clock = clock
        self._groups: list[dict[Swept, None]] = [{} for _ in range(GROUPS)]
        self._task: asyncio.Task[None] | None = None

    def add(self, one: Swept) -> None:
        """Look at `one` from now on."""
        min(self._groups, key=len)[one] = None
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="sweep")

    def remove(self, one: Swept) -> None:
        """Not any more; who is not in it is no error."""
        for group in self._groups:
            group.pop(one, None)
        if self._task is not None and not any(self._groups):
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        due = self._clock()
        turn = 0
        while True:
            now = self._clock()
            self.late_s = max(self.late_s, now - due)
            for one in tuple(self._groups[turn]):
                try:
                    one.sweep(now)
                except Exception:
                    log.exception("looking at a viewer failed; it is not looked at any more")
                    self.failed += 1
                    self.remove(one)
            turn = (turn + 1) % GROUPS
            # What was missed is not made up for: each viewer is looked at once in its turn, later.
            period = PERIOD_S if sum(map(len, self._groups)) <= MANY else PERIOD_OF_MANY_S
            due = max(due + period / GROUPS, self._clock() - period)
            await asyncio.sleep(max(0.0, due - self._clock()))
