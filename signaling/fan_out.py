"""One queue of events to rooms, sent one after the other, so that every socket hears them in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final, Protocol

#: Beyond this many waiting events, those that a newer one replaces anyway (levels) are left out.
BUSY: Final = 500

log = logging.getLogger(__name__)


class Emitter(Protocol):
    """What sends an event to every socket in any of the rooms, once each: a Socket.IO server."""

    async def emit(self, event: str, data: Any, room: Any = None) -> None: ...


class FanOut:
    """Sends events to rooms in the order in which they were put."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter
        self._queue: asyncio.Queue[tuple[str, dict[str, Any], list[str]] | asyncio.Event] = asyncio.Queue()

    def __len__(self) -> int:
        return self._queue.qsize()

    def put(
        self, event: str, data: dict[str, Any], rooms: Sequence[str], *, replaceable: bool = False
    ) -> None:
        """Have an event sent to these rooms. A `replaceable` one may be left out when much is waiting."""
        if rooms and not (replaceable and self._queue.qsize() > BUSY):
            self._queue.put_nowait((event, data, list(rooms)))

    async def sent(self, within_s: float) -> None:
        """Return when all that waits now has been sent, or after so long."""
        mark = asyncio.Event()
        self._queue.put_nowait(mark)
        try:
            async with asyncio.timeout(within_s):
                await mark.wait()
        except TimeoutError:
            pass

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            item = await self._queue.get()
            if isinstance(item, asyncio.Event):
                item.set()
                continue
            event, data, rooms = item
            try:
                await self._emitter.emit(event, data, room=rooms)
            except Exception:
                # With Redis between several processes this can be a lost connection; clients catch up by seq.
                log.exception("an event could not be sent")
