"""A second copy under test: a copier of an edge's own rows, with hands in this process and a far side to hurt."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hub.clock import system_clock
from hub.config import Config, load
from hub.copies.copier import Copier
from hub.copies.far import Far, Source
from hub.copies.ports import Data, Do, Failed, Told, WorkLost
from hub.copies.work import CannotCopy, Worker
from hub.depot.ports import BlobsAway
from hub.evidence.copied import Thing
from hub.store.copy_rows import CopyStore
from tests.support.edge import Edge


class OwnHands:
    """Does the work in this process; `heard` is what it told of, `tired` what it raises instead."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.heard: list[tuple[str, int, int]] = []
        self.done: list[tuple[Do, str]] = []
        self.before: Callable[[Do, Thing], None] = lambda what, thing: None

    async def do(self, what: Do, thing: Thing, told: Told) -> Data:
        """See Hands."""

        def tell(stage: str, done: int, total: int) -> None:
            self.heard.append((stage, done, total))
            told(stage, done, total)

        self.before(what, thing)
        try:
            done = await self._worker.do(what, thing, tell)
        except CannotCopy as problem:
            raise Failed(problem.reason, problem.detail) from problem
        except BlobsAway as problem:
            raise Failed(problem.why, str(problem)) from problem
        self.done.append((what, thing.key))
        return done

    async def stop(self) -> None:
        """See Hands."""


@dataclass
class MemoryFar:
    """A far side in memory: `away` takes it away, `held` is what stands there, `lies` flips a bit of what is put there."""

    held: dict[str, bytes] = field(default_factory=dict)
    away: str = ""
    lies: bool = False
    dies_after: int | None = None
    """It takes so many more pieces of work, and goes away."""

    def _asked(self) -> None:
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                self.away, self.dies_after = "away", None
        if self.away:
            problem = BlobsAway("nobody is there")
            problem.why = self.away
            raise problem

    async def there(self) -> None:
        if self.away:
            self._asked()

    async def size(self, key: str) -> int | None:
        self._asked()
        return len(self.held[key]) if key in self.held else None

    async def put(self, key: str, source: Source, size_bytes: int, progress: Any) -> None:
        self._asked()
        content = await source.read(0, size_bytes)
        progress(size_bytes, size_bytes)
        self.held[key] = bytes([content[0] ^ 1]) + content[1:] if self.lies else content

    async def read(self, key: str, first: int, length: int) -> AsyncIterator[bytes]:
        self._asked()
        if key not in self.held:
            raise FileNotFoundError(key)
        yield self.held[key][first : first + length]

    async def digest(self, key: str, progress: Any) -> tuple[int, str] | None:
        self._asked()
        found = self.held.get(key)
        return None if found is None else (len(found), hashlib.sha256(found).hexdigest())

    async def delete(self, key: str) -> None:
        self._asked()
        self.held.pop(key, None)

    async def listed(self) -> AsyncIterator[tuple[str, int]]:
        self._asked()
        for key, content in self.held.items():
            yield key, len(content)

    async def close(self) -> None:
        """Nothing is open."""


class SetClock:
    """The time of copier and journal, which a test has pass."""

    def __init__(self) -> None:
        self._more = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self._more

    def later(self, **more: float) -> None:
        """So much passes."""
        self._more += timedelta(**more)


@dataclass
class CopyStand:
    """The copier of an edge, whose steps a test takes."""

    edge: Edge
    far: Far | MemoryFar
    config: Config
    clock: SetClock
    held: set[str] = field(default_factory=set)
    """SHA-256 of files that may not go."""

    def __post_init__(self) -> None:
        self.rows = CopyStore(self.edge.database)
        self.hands = OwnHands(Worker(self.config, self.far, self.edge.depot.blobs))  # type: ignore[arg-type]
        self.copier = self.begun_anew()

    def begun_anew(self) -> Copier:
        """As a hub that was killed and started has it."""
        self.copier = Copier(
            self.config,
            self.rows,
            self.edge.writer,
            self.hands,
            self.far,
            self.clock,
            may_release=lambda thing: thing.sha256 not in self.held,
        )
        return self.copier

    async def steps(self, most: int = 100) -> int:
        """Take steps until there is nothing to do, or the storage is the trouble; how many."""
        for count in range(most):
            self.copier._enlist_at = 0.0
            try:
                if not await self.copier._once():
                    return count
            except WorkLost:
                continue
        raise AssertionError("it never comes to an end")

    async def answers(self) -> None:
        """The storage is asked whether it is there, as the watch does; what was held back is over."""
        self.copier._held_until = 0.0
        try:
            await self.far.there()
            self.copier._answers()
        except BlobsAway as problem:
            self.copier._troubled(problem.why, str(problem))

    def later(self, **more: float) -> None:
        """Time passes."""
        self.clock.later(**more)


def copies_config(edge: Edge, **settings: str) -> Config:
    """The edge's settings with a second copy."""
    named = {
        "HUB_COPIES_S3_URL": "http://copies.example.org",
        "HUB_COPIES_S3_BUCKET": "copies",
        "HUB_COPIES_S3_KEY": "key-of-tests",
        "HUB_COPIES_S3_SECRET": "secret-of-tests",
        "HUB_COPIES_MB_S": "0",
    }
    folder = edge.services.config.data_dir
    return load({"HUB_DATA_DIR": str(folder), "HUB_DISK_RESERVE_MB": "1", **named, **settings})


@asynccontextmanager
async def copy_stand(
    edge: Edge, far: Far | MemoryFar, clock: SetClock, **settings: str
) -> AsyncIterator[CopyStand]:
    """A stand whose copier the edge knows, too; `clock` is the one of the edge's journal."""
    stand = CopyStand(edge, far, copies_config(edge, **settings), clock)
    edge.services.copies = stand.copier
    try:
        yield stand
    finally:
        edge.services.copies = None
        await far.close()
