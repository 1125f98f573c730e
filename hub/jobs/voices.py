"""Who speaks in every recorded meeting: asked for when it ends, and put into the database when its job is done."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from hub.clock import Clock
from hub.entry import Entry
from hub.errors import Refusal
from hub.jobs.ports import Journal

KIND: Final = "voice"
#: What was found, in the folder of the job: a line of JSON a recorded file.
FOUND_FILE: Final = "voice.jsonl"
#: Meetings that ended while no hub ran are looked for so far back.
BACK: Final = timedelta(days=1)
RETRY_S: Final = 2.0

log = logging.getLogger(__name__)


class Runner(Protocol):
    """The runner of jobs, as far as this needs it."""

    async def put(self, kind: str, subject: str, *, meeting: str | None = None, **options: Any) -> bool: ...
    def listen(self, callback: Callable[[Sequence[str]], None]) -> Callable[[], None]: ...
    def folder(self, job: str) -> Path: ...


class Done(Protocol):
    """The table of jobs."""

    async def done(self, kind: str) -> Sequence[str]: ...


class Kept(Protocol):
    """Where what was found is kept."""

    async def keep(self, found: Iterable[dict[str, Any]], now: datetime) -> None: ...


class VoicesOfAll:
    """Asks, and takes over what came of it. `start` once the jobs run, `stop` before they end."""

    def __init__(
        self,
        journal: Journal,
        jobs: Runner,
        rows: Done,
        kept: Kept,
        clock: Clock,
        recorded: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._journal = journal
        self._jobs = jobs
        self._rows = rows
        self._kept = kept
        self._clock = clock
        self._recorded = recorded
        self._wanted: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._endings: list[Callable[[], None]] = []

    async def start(self) -> None:
        """Begin, with the meetings that ended lately and the jobs that a hub that died did not take over."""
        self._endings = [
            self._journal.subscribe(self._entries),
            self._jobs.listen(lambda _: self._wake.set()),
        ]
        since = self._clock() - BACK
        for meeting in list(self._journal.state.meetings.values()):
            if meeting.ended_at is not None and meeting.ended_at >= since:
                self._wanted[meeting.id] = None
        self._wake.set()
        self._task = asyncio.create_task(self._run(), name="voices")

    async def stop(self) -> None:
        """End; what is not done is at the next start."""
        for end in self._endings:
            end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind == "meeting.ended" and entry.meeting is not None:
                self._wanted[entry.meeting] = None
                self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._ask()
                await self._take_over()
            except Refusal as refusal:
                log.info("voices are looked after later: %s", refusal.message)
                await asyncio.sleep(RETRY_S)
                self._wake.set()
            except Exception:
                log.exception("voices could not be looked after")
                await asyncio.sleep(RETRY_S)

    async def _ask(self) -> None:
        for meeting in list(self._wanted):
            if await self._recorded(meeting):
                await self._jobs.put(KIND, f"{KIND}:{meeting}", meeting=meeting)
            del self._wanted[meeting]

    async def _take_over(self) -> None:
        """What jobs found goes into the database; their folders go, so that nothing stays where nobody looks for it."""
        for job in await self._rows.done(KIND):
            folder = self._jobs.folder(job)
            if not await asyncio.to_thread(folder.is_dir):
                continue
            found = await asyncio.to_thread(_read, folder / FOUND_FILE)
            await self._kept.keep(found, self._clock())
            await asyncio.to_thread(shutil.rmtree, folder, True)


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
