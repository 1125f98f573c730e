"""A film of every recorded meeting, where the setting says so: asked for when a meeting ends, once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from hub.clock import Clock
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.jobs.ports import Journal
from hub.rules import parse_data

#: Meetings that ended while no hub ran are looked for so far back.
BACK: Final = timedelta(days=1)
RETRY_S: Final = 2.0

log = logging.getLogger(__name__)


class FilmsOfAll:
    """Asks for the films. `start` once the journal is there, `stop` before it goes."""

    def __init__(self, journal: Journal, clock: Clock, recorded: Callable[[str], Awaitable[bool]]) -> None:
        self._journal = journal
        self._clock = clock
        self._recorded = recorded
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin, with the meetings that ended lately: a hub that died may have asked for no film of them."""
        self._unsubscribe = self._journal.subscribe(self._entries)
        since = self._clock() - BACK
        for meeting in list(self._journal.state.meetings.values()):
            if meeting.ended_at is not None and meeting.ended_at >= since:
                self._ask(meeting.id)

    async def stop(self) -> None:
        """End; what was not asked for yet is at the next start."""
        self._unsubscribe()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind == "meeting.ended" and entry.meeting is not None:
                self._ask(entry.meeting)

    def _ask(self, meeting: str) -> None:
        task = asyncio.create_task(self._asked(meeting), name=f"film of {meeting}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _asked(self, meeting: str) -> None:
        # The id is made of the meeting: asked again after a restart, it gets the first answer.
        command = Command(f"film:{meeting}", "job.ask", meeting, parse_data("job.ask", {"kind": "film"}))
        while True:
            try:
                if await self._recorded(meeting):
                    await self._journal.submit(command, SYSTEM_ACCOUNT)
                return
            except Refusal as refusal:
                if refusal.code != "unavailable":
                    log.warning("no film of %s: %s", meeting, refusal)
                    return
            await asyncio.sleep(RETRY_S)
