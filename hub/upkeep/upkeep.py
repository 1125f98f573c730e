"""What commands of upkeep begin: backups made and read through, the journal verified; and what comes by the clock.

An entry begins the work and another tells how it ended; what a hub that died had begun is told of at the next start.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from hub.clock import Clock, to_wire
from hub.config import Config
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.house.audit import Verification
from hub.house.backups import MAX_REASON, Backups, Kept, cut_off
from hub.rules import parse_data
from hub.state import HubState
from hub.upkeep.health import folders_of
from hub.upkeep.jobs import Data, JobFailed, Jobs
from hub.upkeep.probes import room
from hub.upkeep.schedule import is_due, last_due, next_due, outlived

#: How often the clock is looked at, and the pause before what could not be written is tried again.
LOOK_S: Final = 20.0
RETRY_S: Final = 2.0
#: As `hub/backup/restore.py` writes it.
RESTORED_FILE: Final = "restored.json"
#: What every backup of the hub's own folder is called: this and its name.
FOLDER_PREFIX: Final = "lianxian-"

log = logging.getLogger(__name__)


class Journal(Protocol):
    """The writer, as far as this needs it."""

    @property
    def state(self) -> HubState: ...
    async def submit(self, command: Command, account: Account) -> Any: ...
    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]: ...


class Upkeep:
    """One for a hub. `start` once the journal is there, `stop` before it goes."""

    def __init__(self, config: Config, writer: Journal, clock: Clock, jobs: Jobs | None = None) -> None:
        self.jobs = jobs if jobs is not None else Jobs(clock)
        self._config = config
        self._writer = writer
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin: tell of what ended while no hub ran, then do what entries begin."""
        state = self._writer.state
        # Looked at before anything new can begin.
        left = [each.model_copy() for each in state.parts.read(Backups).by_name.values()]
        run = state.parts.read(Verification).running
        self._unsubscribe = self._writer.subscribe(self._entries)
        self._spawn(self._catch_up(left, run))
        self._spawn(self._by_the_clock())

    async def stop(self) -> None:
        """End what runs; it is told of at the next start."""
        self._unsubscribe()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def running(self) -> list[Data]:
        """The jobs that run now, as pages see them."""
        return [job.to_wire() for job in self.jobs.running.values()]

    def backups(self) -> list[Kept]:
        """The backups that are remembered, newest first."""
        return list(reversed(self._writer.state.parts.read(Backups).by_name.values()))

    async def folders(self) -> list[Data]:
        """The folders that the hub writes to, with the room on their file systems, those that are there."""
        return await asyncio.to_thread(_rooms, self._config)

    def next_at(self) -> str | None:
        """When the clock makes the next backup; None: it makes none."""
        hour = self._config.backup_hour
        return to_wire(next_due(self._clock(), hour)) if hour is not None else None

    def standing(self, about: str) -> Data:
        """How a backup stands: `{"state", "reason", "path", "at": [what, done, total]}`; empty for one that is not known."""
        kept = self._writer.state.parts.read(Backups).by_name.get(about)
        if kept is None:
            return {}
        job = self.jobs.running.get(about)
        at = [job.what, job.done, job.total] if job is not None else None
        return {**kept.model_dump(mode="json"), "at": at}

    def _entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            match entry.kind:
                case "backup.begun":
                    self._spawn(self._make(entry.data))
                case "backup.verification_begun":
                    self._spawn(self._read_through(entry.data["backup"]))
                case "audit.verification_begun":
                    self._spawn(self._verify(entry.data["run"]))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, left: list[Kept], run: str | None) -> None:
        """What was under way when the last hub ended, or when the backup was taken that this one comes from."""
        came_from = ""
        restored = self._config.data_dir / RESTORED_FILE
        if restored.exists():
            note = json.loads(await asyncio.to_thread(restored.read_text))
            if note["backup"]:
                came_from = note["backup"]
                await self._note("backup.note_restored", f"restored:{note['backup']}:{note['seq']}", note)
            restored.unlink(missing_ok=True)
        for kept in left:
            if kept.checking or (kept.state == "running" and kept.name != came_from):
                kind, data = cut_off(kept)
                await self._note(kind, f"cut-off:{kept.name}:{kept.begun_at}:{kind}", data)
        if run is not None:
            await self._note(
                "audit.note_verified", f"audit-verified:{run}", {"run": run, "ended": "interrupted"}
            )

    async def _make(self, data: Mapping[str, Any]) -> None:
        name, begun = data["backup"], time.monotonic()
        path = data["path"] or str(self._config.backup_dir / f"{FOLDER_PREFIX}{name}")
        try:
            spec = {"name": name, "path": path, "keys": data["keys"]}
            result = await self.jobs.run("make-backup", name, spec)
        except JobFailed as problem:
            log.error("backup %s could not be made: %s", name, problem)
            failed = {"backup": name, "reason": str(problem)[:MAX_REASON]}
            await self._note("backup.note_failed", f"backup-failed:{name}", failed)
            return
        made = {"backup": name, "took_ms": int((time.monotonic() - begun) * 1000), **result}
        await self._note("backup.note_made", f"backup-made:{name}", made)
        await self._take_away()

    async def _read_through(self, name: str) -> None:
        kept = self._writer.state.parts.read(Backups).by_name[name]
        try:
            result = await self.jobs.run("verify-backup", name, {"path": kept.path})
        except JobFailed as problem:
            result = {"holds": False, "findings": 1, "first": str(problem)[:MAX_REASON]}
        if not result["holds"]:
            log.error("backup %s does not hold: %s", name, result["first"])
        id = f"backup-checked:{name}:{self._clock():%Y%m%d%H%M%S%f}"
        await self._note("backup.note_verified", id, {"backup": name, **result})

    async def _verify(self, run: str) -> None:
        begun = time.monotonic()
        try:
            result = await self.jobs.run("verify-journal", run, {})
        except JobFailed as problem:
            result = {"ended": "failed", "first": [str(problem)[:MAX_REASON]]}
        if result["ended"] != "whole":
            log.error("verification of the journal: %s, %s", result["ended"], result.get("first"))
        took = int((time.monotonic() - begun) * 1000)
        await self._note(
            "audit.note_verified", f"audit-verified:{run}", {"run": run, "took_ms": took, **result}
        )

    async def _by_the_clock(self) -> None:
        hour = self._config.backup_hour
        while hour is not None:
            now = self._clock()
            if is_due(now, hour, self._writer.state.parts.read(Backups).by_name.values()):
                id = f"backup-scheduled:{last_due(now, hour):%Y%m%d%H}"
                await self._note("backup.make", id, {"scheduled": True})
            await asyncio.sleep(LOOK_S)

    async def _take_away(self) -> None:
        """Those of the clock's backups that have had their time, with their files."""
        kept = self._writer.state.parts.read(Backups).by_name.values()
        for each in outlived(kept, self._config.backup_keep):
            folder = Path(each.path)
            if folder.parent != self._config.backup_dir or not folder.name.startswith(FOLDER_PREFIX):
                continue  # the settings name another folder by now: what is elsewhere is not ours to take away
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            await self._note("backup.note_removed", f"backup-removed:{each.name}", {"backup": each.name})

    async def _note(self, kind: str, id: str, data: Mapping[str, Any]) -> None:
        """Have it written; a journal that is away is waited for. Another refusal is logged."""
        command = Command(id, kind, None, parse_data(kind, dict(data)))
        while True:
            try:
                await self._writer.submit(command, SYSTEM_ACCOUNT)
                return
            except Refusal as refusal:
                if refusal.code not in ("unavailable", "too_many"):
                    log.warning("%s was refused: %s", kind, refusal)
                    return
            await asyncio.sleep(RETRY_S)


def _rooms(config: Config) -> list[Data]:
    found = []
    for name, folder in folders_of(config).items():
        try:
            space = room(folder)
        except OSError:
            continue  # not there yet, or on another machine
        found.append(
            {"name": name, "path": str(folder), "free_bytes": space.free, "total_bytes": space.total}
        )
    return found


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("upkeep failed")
