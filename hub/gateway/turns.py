"""The turns in which all cameras of a process are read: one timer for any number of sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

#: Time between two turns. A wake-up for each packet would cost three times as much; pictures come 20 ms later at most.
TURN_S: Final = 0.02

log = logging.getLogger(__name__)


class Turns:
    """Calls each of its readers once a turn, while it has any."""

    def __init__(self, every_s: float = TURN_S) -> None:
        self._every_s = every_s
        self._readers: dict[Callable[[], None], None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._readers)

    def add(self, reader: Callable[[], None]) -> None:
        """From the next turn on, `reader` is called. To be called inside the event loop."""
        self._readers[reader] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every_s, self._turn)

    def discard(self, reader: Callable[[], None]) -> None:
        """It is called no more."""
        self._readers.pop(reader, None)

    def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + self._every_s
        for reader in list(self._readers):
            if reader in self._readers:
                try:
                    reader()
                except Exception:
                    log.exception("reading a camera failed; it is read no more")
                    self._readers.pop(reader, None)
        if self._readers:
            # A turn that took long is followed by rest all the same: packets come in larger portions then.
            self._timer = loop.call_at(max(due, loop.time() + self._every_s / 4), self._turn)
        else:
            self._timer = None
