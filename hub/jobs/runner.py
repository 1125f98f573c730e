"""The runner of jobs: takes them from their table, has processes do them, tells how they end.

A job is in the table before its process begins, and what came of it stands in its place before the table says so: whoever
dies in between, hub or process, it is taken up again. What is made twice is made in the job's own folder, and takes its place
by one renaming.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hub.clock import Clock
from hub.conference.job_kinds import ASKED
from hub.config import Config
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.ids import new_id
from hub.jobs.child import WorkDied, run_child
from hub.jobs.kinds import KINDS, JobKind
from hub.jobs.ports import JobRow, JobRows, Journal
from hub.jobs.work import RESULT_FILE, Data, Order, WorkFailed
from hub.rules import parse_data

#: How often it is looked for what waits, besides when something comes.
LOOK_S: Final = 5.0
#: Progress is told so often at most.
TELL_S: Final = 1.0
#: The pause before what could not be written is tried again, and before a job whose process died is begun again.
RETRY_S: Final = 1.0
#: Files whose time is over are looked for so often.
SWEEP_S: Final = 600.0

log = logging.getLogger(__name__)


#: What does a job: with its kind behind.
PROGRAM: Final = (sys.executable, "-m", "hub", "work")


def _is_asked(row: JobRow) -> bool:
    """Whether somebody asked for it: then the journal is told how it ends."""
    return row.subject == row.id


async def _nothing_open(meeting: str) -> bool:
    return False


@dataclass(slots=True, eq=False)
class _Running:
    """A job that runs now."""

    row: JobRow
    task: asyncio.Task[None] | None = None
    cancelled: bool = False
    stage: str = ""
    done: float = 0.0
    total: float = 0.0
    first: tuple[float, float] | None = None
    """Moment and share of the first progress of this process: what was done before it says nothing of its pace."""
    last: float = field(default_factory=time.monotonic)

    def heard(self, stage: str, done: float, total: float) -> None:
        self.stage, self.done, self.total, self.last = stage, done, total, time.monotonic()
        if self.first is None and total > 0:
            self.first = self.last, done / total

    def told(self) -> Data:
        """As pages see it."""
        share = min(1.0, self.done / self.total) if self.total > 0 else 0.0
        left = None
        if self.first is not None and share - self.first[1] > 0.01:
            left = int((self.last - self.first[0]) / (share - self.first[1]) * (1.0 - share)) + 1
        return {"stage": self.stage, "percent": int(share * 100), "left_s": left}


class JobRunner:
    """One for a hub. `start` once the journal is there, `stop` before it goes."""

    def __init__(
        self,
        config: Config,
        rows: JobRows,
        journal: Journal,
        clock: Clock,
        *,
        low_on_space: Callable[[], Collection[str]] = tuple,
        parts_open: Callable[[str], Awaitable[bool]] = _nothing_open,
        here: Callable[[str], Awaitable[bool]] | None = None,
        kinds: Mapping[str, JobKind] = KINDS,
        program: Sequence[str] = PROGRAM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._config = config
        self._rows = rows
        self._journal = journal
        self._clock = clock
        self._low = low_on_space
        self._parts_open = parts_open
        self._here = here
        self._kinds = kinds
        self._program = program
        self._environment = dict(os.environ if environment is None else environment)
        self._running: dict[str, _Running] = {}
        self._not_before: dict[str, float] = {}
        self._changed: dict[str, None] = {}
        self._listeners: list[Callable[[Sequence[str]], None]] = []
        self._wake = asyncio.Event()
        self._sweep_at = 0.0
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self._unsubscribe: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin: what a hub that died left running waits again."""
        self._unsubscribe = self._journal.subscribe(self._entries)
        self._tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._tell())]

    async def stop(self) -> None:
        """End what runs; it goes on at the next start, from where its process left its folder."""
        self._stopping = True
        self._unsubscribe()
        working = [each.task for each in self._running.values() if each.task is not None]
        for task in [*self._tasks, *working]:
            task.cancel()
        await asyncio.gather(*self._tasks, *working, return_exceptions=True)

    async def put(self, kind: str, subject: str, *, meeting: str | None = None, **options: Any) -> bool:
        """A job of the hub's own about this subject, unless there is one already; whether it is new.

        Nobody asked for it: no entry tells of it, and no page. What came of it the table says. Raises Refusal `unavailable`.
        """
        now = self._clock()
        new = await self._rows.put(new_id("jb", now), kind, meeting, subject, options, now)
        if new:
            self._wake.set()
        return new

    def progress(self, job: str) -> Data | None:
        """How far a job is: `{"stage", "percent", "left_s"}`; None for one that does not run."""
        found = self._running.get(job)
        return None if found is None else found.told()

    def listen(self, callback: Callable[[Sequence[str]], None]) -> Callable[[], None]:
        """Call back with the ids of jobs that began or went on, once a second at most; returns what ends it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def folder(self, job: str) -> Path:
        """Where what came of a job stands."""
        return self._config.made_dir / job

    def _entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind == "job.asked":
                self._wake.set()
            elif entry.kind == "job.cancelled" and (found := self._running.get(entry.data["job"])):
                found.cancelled = True
                if found.task is not None:
                    found.task.cancel()

    async def _look(self) -> None:
        taken_back = False
        while True:
            self._wake.clear()
            try:
                if not taken_back:
                    await self._rows.take_back()
                    taken_back = True
                    await asyncio.to_thread(
                        self._sweep, {row.id for row in await self._rows.waiting(self._kinds)}
                    )
                await self._begin_more()
                await self._take_away_old()
            except Refusal as refusal:
                log.warning("jobs cannot be read, they are begun later: %s", refusal.message)
            except Exception:
                log.exception("jobs could not be begun")
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _take_away_old(self) -> None:
        """Files of jobs whose kind keeps them for a while alone."""
        if time.monotonic() < self._sweep_at:
            return
        self._sweep_at = time.monotonic() + SWEEP_S
        for kind in ASKED.values():
            if kind.kept is not None:
                for job in await self._rows.over(kind.kind, self._clock() - kind.kept):
                    await asyncio.to_thread(self._forget, job)
                    await self._rows.swept(job)

    async def _begin_more(self) -> None:
        if len(self._running) >= self._config.jobs:
            return
        for row in await self._rows.waiting(self._kinds):
            if len(self._running) >= self._config.jobs:
                return
            if row.id in self._running or not await self._may_begin(row):
                continue
            claimed = await self._rows.claim(row.id, self._clock())
            if claimed is None:
                continue
            running = self._running[row.id] = _Running(claimed)
            running.task = asyncio.create_task(self._run(running), name=f"job {row.id}")
            self._changed[row.id] = None

    async def _may_begin(self, row: JobRow) -> bool:
        if self._not_before.get(row.id, 0.0) > time.monotonic():
            return False
        kind = self._kinds[row.kind]
        if row.meeting is None:
            return True
        if kind.after_recording and await self._parts_open(row.meeting):
            return False
        return not kind.reads_recording or self._here is None or await self._here(row.meeting)

    async def _run(self, running: _Running) -> None:
        row, begun = running.row, time.monotonic()
        try:
            result = await self._result(running)
            await self._done(row, result, int((time.monotonic() - begun) * 1000))
        except asyncio.CancelledError:
            if running.cancelled:
                await asyncio.to_thread(self._forget, row.id)
            if self._stopping:
                raise
        except WorkFailed as problem:
            log.warning("%s %s failed: %s (%s)", row.kind, row.id, problem.reason, problem.detail)
            await self._failed(row, problem.reason, problem.detail)
        except WorkDied as problem:
            await self._died(row, str(problem))
        except Exception as problem:
            log.exception("%s %s failed by a fault", row.kind, row.id)
            await self._failed(row, "fault", type(problem).__name__)
        finally:
            del self._running[row.id]
            self._changed[row.id] = None
            self._wake.set()

    async def _result(self, running: _Running) -> Data:
        """What came of it; what an earlier process made already is taken as it is."""
        row, kind = running.row, self._kinds[running.row.kind]
        made = self.folder(row.id)
        if (made / RESULT_FILE).exists():
            found: Data = json.loads(await asyncio.to_thread((made / RESULT_FILE).read_text))
            return found
        if self._low():
            raise WorkFailed("no_room", f"too little room: {', '.join(self._low())}")
        if row.tries > kind.tries:
            raise WorkFailed("died", f"it was begun {row.tries - 1} times")
        order = Order(
            row.id,
            row.kind,
            row.meeting,
            row.subject,
            row.options,
            self._work_folder(row.id),
            kind.memory_bytes,
        )

        def heard(stage: str, done: float, total: float) -> None:
            running.heard(stage, done, total)
            self._changed[row.id] = None

        result = await run_child([*self._program, row.kind], order, self._environment, kind.stall_s, heard)
        await asyncio.to_thread(self._put_in_place, order)
        return result

    async def _done(self, row: JobRow, result: Data, took_ms: int) -> None:
        if not _is_asked(row):
            await self._written(lambda: self._rows.end(row.id, "done", None, result, self._clock()))
            return
        data = {"job": row.id, "files": result["files"], "told": result["told"], "took_ms": took_ms}
        if not await self._note("job.note_done", f"job-done:{row.id}", data):
            await asyncio.to_thread(self._forget, row.id)  # cancelled at the last moment

    async def _failed(self, row: JobRow, reason: str, detail: str) -> None:
        await asyncio.to_thread(self._forget, row.id)
        if not _is_asked(row):
            told = {"detail": detail}
            await self._written(lambda: self._rows.end(row.id, "failed", reason, told, self._clock()))
            return
        data = {"job": row.id, "reason": reason, "detail": detail}
        await self._note("job.note_failed", f"job-failed:{row.id}:{row.tries}", data)

    async def _died(self, row: JobRow, why: str) -> None:
        if row.tries >= self._kinds[row.kind].tries:
            await self._failed(row, "died", why)
            return
        log.warning("%s %s: %s; it is begun again", row.kind, row.id, why)
        self._not_before[row.id] = time.monotonic() + RETRY_S
        asyncio.get_running_loop().call_later(RETRY_S, self._wake.set)
        await self._written(lambda: self._rows.put_back(row.id))

    async def _note(self, kind: str, id: str, data: Data) -> bool:
        """Have the journal told; one that is away is waited for. False when it is refused: the job is not wanted any more."""
        command = Command(id, kind, None, parse_data(kind, data))
        while True:
            try:
                await self._journal.submit(command, SYSTEM_ACCOUNT)
                return True
            except Refusal as refusal:
                if refusal.code not in ("unavailable", "too_many"):
                    log.info("%s was refused: %s", kind, refusal)
                    return False
            await asyncio.sleep(RETRY_S)

    async def _written(self, write: Callable[[], Awaitable[None]]) -> None:
        """Have the table say it; a database that is away is waited for."""
        while True:
            try:
                return await write()
            except Refusal:
                await asyncio.sleep(RETRY_S)

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TELL_S)
            changed, self._changed = list(self._changed), {}
            for callback in list(self._listeners) if changed else ():
                callback(changed)

    # -- files

    def _work_folder(self, job: str) -> Path:
        return self._config.made_dir / "work" / job

    def _put_in_place(self, order: Order) -> None:
        made = self.folder(order.job)
        os.rename(order.out, made)
        for folder in (made, made.parent):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        shutil.rmtree(order.folder, ignore_errors=True)

    def _forget(self, job: str) -> None:
        for folder in (self._work_folder(job), self.folder(job)):
            shutil.rmtree(folder, ignore_errors=True)

    def _sweep(self, waiting: Collection[str]) -> None:
        """Folders of work that nobody waits for any more are taken away."""
        work = self._config.made_dir / "work"
        if work.is_dir():
            for folder in work.iterdir():
                if folder.name not in waiting:
                    shutil.rmtree(folder, ignore_errors=True)
