"""What may wait a moment: viewers' transport-wide feedback and reports, which come by a socket of their own (see steering.py).

A thousand viewers send 15,000 such messages a second, spread evenly over time. Taken as they come, each wakes the
process, and waking costs several times what reading the message does; taken with the pictures or some twenty times a
second, all that came in between are read in one go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

#: What waits is taken this often at least, and with other datagrams when these come; but never more often than …
PATIENCE_S: Final = 0.045
#: … this.
PAUSE_S: Final = 0.018
#: Messages taken in one turn before other datagrams get theirs.
TURN_LIMIT: Final = 64


class Patient:
    """When the socket of the feedback is read. `take(limit)` reads up to so many datagrams and returns how many there were."""

    def __init__(self, descriptor: int, take: Callable[[int], int], loop: asyncio.AbstractEventLoop) -> None:
        self._descriptor = descriptor
        self._take = take
        self._loop = loop
        self._taken_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._rest: asyncio.Handle | None = None
        loop.add_reader(descriptor, self._woken)

    def close(self) -> None:
        """Read no more."""
        self._loop.remove_reader(self._descriptor)
        for handle in (self._timer, self._rest):
            if handle is not None:
                handle.cancel()

    def take_along(self) -> None:
        """The process is awake and warm: take what waits, unless that was done a moment ago."""
        now = self._loop.time()
        if now - self._taken_at < PAUSE_S:
            return
        self._turn(now)
        timer = self._timer
        if timer is not None and timer.when() - now < PATIENCE_S - PAUSE_S:
            # It would wake the process for nothing.
            timer.cancel()
            self._timer = self._loop.call_later(PATIENCE_S, self._due)

    def _woken(self) -> None:
        """The first message after a silence: from now on by the clock."""
        self._loop.remove_reader(self._descriptor)
        self._timer = self._loop.call_later(PATIENCE_S, self._due)

    def _due(self) -> None:
        now = self._loop.time()
        left = self._taken_at + PATIENCE_S - now
        if left > PAUSE_S / 2:
            self._timer = self._loop.call_later(left, self._due)  # taken along in the meantime
        elif self._turn(now):
            self._timer = self._loop.call_later(PATIENCE_S, self._due)
        else:
            self._timer = None
            self._loop.add_reader(self._descriptor, self._woken)

    def _turn(self, now: float) -> int:
        self._taken_at = now
        taken = self._take(TURN_LIMIT)
        if taken == TURN_LIMIT and self._rest is None:
            self._rest = self._loop.call_soon(self._take_rest)
        return taken

    def _take_rest(self) -> None:
        """There was more than one turn takes; packets had theirs in between."""
        self._rest = None
        self._turn(self._loop.time())
