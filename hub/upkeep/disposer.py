"""Carries out disposal lists that two persons agreed to: meeting by meeting an entry says what goes, then its files go.

Nothing is kept about how far it is but the journal: after a kill it walks the same list again. What an entry has told of is not
told twice, and a file that is gone already is gone. Only when all are gone, and that is on the disk, and none is left in the
second copy (the copier deletes there what is nothing here), the list is over.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from hub.clock import Clock
from hub.custody.disposal_shapes import Disposals, Listed, Spared
from hub.custody.listing import (
    Item,
    Left,
    Proven,
    Standing,
    copies_of,
    meetings_on,
    nothing_far,
    nothing_proven,
)
from hub.custody.retention import policy_of
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.ids import new_id
from hub.rules import parse_data
from hub.state import HubState

#: The pause before what could not be done is tried again.
RETRY_S: Final = 5.0
#: It is looked so often whether the second copy has let go of what was destroyed.
FAR_S: Final = 5.0

Data = Mapping[str, Any]
log = logging.getLogger(__name__)


class Journal(Protocol):
    """The writer, as far as this needs it."""

    @property
    def state(self) -> HubState: ...
    async def submit(self, command: Command, account: Account) -> Any: ...
    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]: ...


class Custody(Protocol):
    """What meetings left: hub.store.custody_store. Everything raises Refusal `unavailable`."""

    async def left_of(self, meeting: str) -> Left | None: ...
    async def made_with(self, parts: Sequence[str]) -> list[str]: ...
    async def forget_jobs(self, jobs: Sequence[str]) -> None: ...


class Voices(Protocol):
    """What was heard: hub.store.voice_store."""

    async def forget(self, recording: str, part: str | None = None) -> None: ...


class Objects(Protocol):
    """Objects and their bytes, as far as they go: hub.depot."""

    def read(self, digest: str, first: int, length: int) -> AsyncIterator[bytes]: ...
    async def take_away(self, digest: str) -> None: ...
    async def size(self, digest: str) -> int | None: ...


class Disposer:
    """One for a hub. `start` once the journal is there, `stop` before it goes."""

    def __init__(
        self,
        journal: Journal,
        custody: Custody,
        voices: Voices,
        objects: Objects,
        clock: Clock,
        *,
        recordings: Path,
        made: Path,
        proven: Proven = nothing_proven,
        standing: Standing = nothing_far,
        unlink: Callable[[Path], None] = lambda path: path.unlink(missing_ok=True),
    ) -> None:
        self._journal = journal
        self._custody = custody
        self._voices = voices
        self._objects = objects
        self._clock = clock
        self._recordings = recordings
        self._made = made
        self._proven = proven
        self._standing = standing
        self._gone_here: set[str] = set()
        """Lists of which nothing is on this machine any more."""
        self._unlink = unlink
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin, with the lists that a hub that died has not finished."""
        self._unsubscribe = self._journal.subscribe(self._entries)
        self._wake.set()
        self._task = asyncio.create_task(self._run(), name="disposal")

    async def stop(self) -> None:
        """End; what is not done is done after the next start."""
        self._unsubscribe()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _entries(self, entries: Sequence[Entry]) -> None:
        if any(entry.kind == "disposal.approved" for entry in entries):
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.once()
            except (Refusal, OSError) as problem:
                log.warning("a disposal list waits: %s", problem)
                await asyncio.sleep(RETRY_S)
                self._wake.set()
            except Exception:
                log.exception("a disposal list could not be carried out")
                await asyncio.sleep(RETRY_S)
                self._wake.set()

    async def once(self) -> None:
        """Carry out all lists that were agreed to. Raises Refusal and OSError where something is away now."""
        for id, listed in list(self._journal.state.parts.read(Disposals).open.items()):
            if listed.approved_by is not None:
                await self._carry_out(id, listed)

    async def _carry_out(self, id: str, listed: Listed) -> None:
        meetings = list(meetings_on(await self._read(listed.digest)))
        if id not in self._gone_here:
            for meeting, items in meetings:
                await self._one_meeting(id, meeting, items)
            self._gone_here.add(id)
        done = self._journal.state.parts.read(Disposals).open[id].done
        copies = [
            each
            for meeting, items in meetings
            if done.get(meeting)
            for item in items
            for each in copies_of(item)
        ]
        if left := await self._standing(copies):
            log.info("of disposal list %s %d files are still to go from the second copy", listed.number, left)
            asyncio.get_running_loop().call_later(FAR_S, self._wake.set)
            return
        self._gone_here.discard(id)
        await self._give("disposal.note_completed", None, {"disposal": id})
        log.info("disposal list %s is carried out", listed.number)

    async def _read(self, digest: str) -> dict[str, Any]:
        size = await self._objects.size(digest)
        if size is None:
            raise OSError("the list is not there")
        content = b"".join([piece async for piece in self._objects.read(digest, 0, size)])
        found: dict[str, Any] = json.loads(content)
        return found

    async def _one_meeting(self, id: str, meeting: str, items: list[dict[str, Any]]) -> None:
        if not self._is_done(id, meeting):
            keep = await self._keeps(meeting, items)
            try:
                await self._give(
                    "disposal.note_destroyed", meeting, {"disposal": id, "items": items, "keep": keep}
                )
            except Refusal as refusal:
                if refusal.code != "not_found":
                    raise
                log.warning("%s of a disposal list is not there", meeting)
                return
        listed = self._journal.state.parts.read(Disposals).open.get(id)
        if listed is not None and listed.done.get(meeting):
            await self._away(items)

    def _is_done(self, id: str, meeting: str) -> bool:
        listed = self._journal.state.parts.read(Disposals).open.get(id)
        return listed is not None and meeting in listed.done

    async def _keeps(self, meeting: str, items: list[dict[str, Any]]) -> Spared | None:
        """Why it is spared: it is not what was agreed to any more, or no second copy is proven where one is demanded."""
        left = await self._custody.left_of(meeting)
        there = {(each.kind, each.id): _told(each) for each in left.items} if left is not None else {}
        if any(there.get((each["kind"], each["id"])) != each for each in items):
            return "changed"
        if policy_of(self._journal.state).needs_copy:
            digests = {file["sha256"] for each in items for file in each["files"]}
            if None in digests or not digests <= set(await self._proven(digests)):
                return "no_copy"
        return None

    async def _away(self, items: list[dict[str, Any]]) -> None:
        """The files of what an entry says is destroyed, and what stands in rows of them."""
        parts: list[str] = []
        for item in items:
            if item["kind"] in ("recordings", "speech"):
                recording, _, part = item["id"].partition("/")
                await self._voices.forget(recording, part)
            match item["kind"]:
                case "recordings":
                    parts.append(part)
                    names = [file["name"] for file in item["files"]]
                    await asyncio.to_thread(self._remove, names)
                case "films" | "clips" | "packs":
                    await asyncio.to_thread(self._remove_made, item["id"])
                case "minutes":
                    for file in item["files"]:
                        await self._objects.take_away(file["sha256"])
        jobs = await self._custody.made_with(parts)
        for job in jobs:
            await asyncio.to_thread(self._remove_made, job)
        await self._custody.forget_jobs(jobs)

    def _remove(self, names: Sequence[str]) -> None:
        root = self._recordings.resolve()
        if not root.is_dir():
            raise OSError("the recordings folder is not there")
        folders = set()
        for name in names:
            path = (root / name).resolve()
            if not path.is_relative_to(root):
                log.error("%s lies outside the recordings folder and is left alone", name)
                continue
            self._unlink(path)
            folders.add(path.parent)
        for folder in folders:
            _sync(folder)
            if folder != root and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
                _sync(folder.parent)

    def _remove_made(self, job: str) -> None:
        folder = self._made / job
        if folder.parent != self._made or not folder.is_dir():
            return
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_file() or path.is_symlink():
                self._unlink(path)
        shutil.rmtree(folder, ignore_errors=True)
        _sync(self._made)

    async def _give(self, kind: str, meeting: str | None, data: Data) -> None:
        command = Command(new_id("s", self._clock()), kind, meeting, parse_data(kind, dict(data)))
        await self._journal.submit(command, SYSTEM_ACCOUNT)


def _told(item: Item) -> dict[str, Any]:
    """A thing as a list tells of it."""
    files = [{"name": each.name, "bytes": each.bytes, "sha256": each.sha256} for each in item.files]
    return {"kind": item.kind, "id": item.id, "files": files}


def _sync(folder: Path) -> None:
    if folder.is_dir():
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
