"""The slow scan: recorded files and objects are read again in turn, at a pace nobody feels, and held against their digests.

What was looked at stands in the table `scanned`: a restart goes on where it was, and what was looked at longest ago is next.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from hub.clock import Clock
from hub.errors import Refusal
from hub.evidence.checking import MEDIA, UNREPORTED
from hub.evidence.scanned import Counts, Due, ScanFinding
from hub.upkeep.health import Looked

#: Pause when nothing is due, and when what is to be read is away.
IDLE_S: Final = 60.0
#: Things asked for at a time.
AT_ONCE: Final = 20
_BLOCK: Final = 1 << 20

log = logging.getLogger(__name__)


class ScanRows(Protocol):
    """The table: hub.store.scan_store.ScanStore. Everything raises Refusal `unavailable`."""

    async def due(self, before: datetime, limit: int) -> Sequence[Due]: ...
    async def note(self, due: Due, finding: ScanFinding | None, at: datetime) -> None: ...
    async def orphans(self, folder: str, files: Collection[str], at: datetime) -> None: ...
    async def counts(self, since: datetime) -> Counts: ...


class Blobs(Protocol):
    """Where objects stand: hub.depot."""

    async def size(self, digest: str) -> int | None: ...
    def read(self, digest: str, first: int, length: int) -> AsyncIterator[bytes]: ...


@dataclass
class Scan:
    """One for a hub. `run` until cancelled; `bytes_a_second` 0: it looks at nothing."""

    rows: ScanRows
    recordings: Path
    blobs: Blobs
    clock: Clock
    bytes_a_second: int
    every: timedelta
    counted: Counts = field(default_factory=Counts)
    away: bool = False
    """Whether what is to be read cannot be reached now."""

    async def run(self) -> None:
        """Look, until cancelled."""
        while self.bytes_a_second > 0:
            try:
                looked = await self.once()
                self.away = False
                self.counted = await self.rows.counts(self.clock() - self.every)
                if not looked:
                    await asyncio.sleep(IDLE_S)
            except (OSError, Refusal) as problem:
                if not self.away:
                    log.warning("the scan of recordings and objects waits: %s", problem)
                self.away = True
                await asyncio.sleep(IDLE_S)
            except Exception:
                log.exception("the scan of recordings and objects failed")
                await asyncio.sleep(IDLE_S)

    async def once(self) -> int:
        """Look at the next few; how many. Raises OSError when the recordings folder or the objects are away, Refusal."""
        due = await self.rows.due(self.clock() - self.every, AT_ONCE)
        for each in due:
            finding = await (self._part(each) if each.kind == "part" else self._object(each))
            if finding is not None:
                log.error("%s %s is %s: it is not what the journal tells of", each.kind, each.id, finding)
            await self.rows.note(each, finding, self.clock())
        # what else lies beside the parts that were just read
        for folder in sorted({str(Path(each.file).parent) for each in due if each.kind == "part"} - {"."}):
            here = await asyncio.to_thread(self._lying_in, folder)
            await self.rows.orphans(folder, here, self.clock())
        return len(due)

    def looked(self) -> Iterator[Looked]:
        """How it stands, as a part of the hub's health."""
        if self.bytes_a_second <= 0:
            yield Looked("scan", state="off")
            return
        counted = self.counted
        figures: dict[str, int | str] = {
            "looked": counted.looked,
            "of": counted.total,
            "damaged": counted.damaged,
            "days": self.every.days,
        }
        if counted.damaged:
            yield Looked("scan", "", "bad", "damaged", figures)
        else:
            yield Looked("scan", "", *(("warning", "unreadable") if self.away else ("good", "")), figures)

    def _lying_in(self, folder: str) -> list[str]:
        """Recorded files in a folder, but for those that the recorder has not reported yet: their record lies beside them."""
        path = self.recordings / folder
        if not path.is_dir() or not path.resolve().is_relative_to(self.recordings.resolve()):
            return []
        return [
            f"{folder}/{each.name}"
            for each in path.iterdir()
            if each.suffix in MEDIA and not each.with_suffix(UNREPORTED).exists()
        ]

    async def _part(self, due: Due) -> ScanFinding | None:
        path = self.recordings / due.file
        if not await asyncio.to_thread(self.recordings.is_dir):
            raise OSError("the recordings folder is not there")
        inside = await asyncio.to_thread(lambda: path.resolve().is_relative_to(self.recordings.resolve()))
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except FileNotFoundError:
            return "missing"
        if not inside:
            file.close()
            return "missing"
        with file:

            async def blocks() -> AsyncIterator[bytes]:
                while block := await asyncio.to_thread(file.read, _BLOCK):
                    yield block

            return await self._held(due, blocks())

    async def _object(self, due: Due) -> ScanFinding | None:
        size = await self.blobs.size(due.id)
        if size is None:
            return "missing"
        try:
            return await self._held(due, self.blobs.read(due.id, 0, size))
        except FileNotFoundError:
            return "missing"

    async def _held(self, due: Due, blocks: AsyncIterator[bytes]) -> ScanFinding | None:
        digest, size = hashlib.sha256(), 0
        async for block in blocks:
            await asyncio.to_thread(digest.update, block)
            size += len(block)
            await asyncio.sleep(len(block) / self.bytes_a_second)
        if digest.hexdigest() == due.sha256:
            return None
        return "short" if size < due.bytes else "changed"
