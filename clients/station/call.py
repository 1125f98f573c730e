"""One meeting the station is in: joined, reported in, published to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from clients.station.api import HubApi, Refused, Unreachable
from clients.station.backoff import Backoff
from clients.station.options import StationOptions
from clients.station.parts import Parts
from clients.station.publisher import Publisher
from clients.station.source import Source

log = logging.getLogger("station.call")


class Call:
    """From joining to hanging up. `device` is told when publishing begins and ends."""

    def __init__(
        self, api: HubApi, meeting: str, source: Source, device: Callable[[bool], Coroutine[Any, Any, None]]
    ) -> None:
        self._api = api
        self.meeting = meeting
        self.publisher = Publisher(api, meeting, source, self._publishing)
        #: The meeting as the hub tells of it.
        self.parts = Parts()
        self._device = device
        self._closed = False
        #: Set once it is in the meeting: a locked one has it wait.
        self._let_in = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def join(self, options: StationOptions) -> None:
        """Join, begin to publish, sign in as told, and file a report if one is given and this account has filed none here.

        Where the meeting is locked, nothing of that begins before `let_in`. Raises Refused when one may not join.
        """
        answer = await self._api.command("meeting.join", self.meeting)
        if any(entry["kind"] == "meeting.joined" for entry in answer.get("entries", ())):
            self._let_in.set()
        self._start_inside(self.publisher.run())
        if options.present is not None:
            self._start_inside(self._sign_in(options.present, options.duty))
        if options.auto_report is not None:
            self._start_inside(self._report(options.auto_report))

    def let_in(self) -> None:
        """It is in the meeting, or was all the time."""
        self._let_in.set()

    @property
    def waits(self) -> bool:
        """Whether it is not known to be in the meeting yet."""
        return not self._let_in.is_set()

    async def leave(self) -> None:
        """Leave the meeting. Raises Refused."""
        await self._api.command("meeting.leave", self.meeting)

    async def close(self) -> None:
        """End publishing. The journal knows nothing of this."""
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _sign_in(self, name: str, duty: str) -> None:
        try:
            await self._api.command("meeting.sign_in", self.meeting, name=name, duty=duty)
        except Refused as refused:
            log.warning("signing in is refused: %s", refused.code)

    async def _report(self, text: str) -> None:
        try:
            # A station that comes back into a meeting, after whatever loss, has said what it had to say.
            if await self._reported_before():
                return
            await self._api.command("report.file", self.meeting, situation="normal", text=text)
        except Refused as refused:
            log.warning("the report is refused: %s", refused.code)

    async def _reported_before(self) -> bool:
        backoff = Backoff()
        while True:
            try:
                return await self._api.has_reported(self.meeting)
            except Unreachable:
                await asyncio.sleep(backoff.next_s())

    def _publishing(self, publishing: bool) -> None:
        if not self._closed:
            self._start(self._device(publishing))

    def _start_inside(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something as soon as it is in the meeting."""

        async def inside() -> None:
            try:
                await self._let_in.wait()
            except asyncio.CancelledError:
                work.close()
                raise
            await work

        self._start(inside())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a part of the call failed", exc_info=task.exception())
