"""Bringing back from the second copy without a running hub: by what the database tells, or without one by the keys there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hub.config import Config
from hub.copies.work import CannotCopy, Worker, worker_of
from hub.depot.ports import BlobsAway
from hub.evidence.copied import Thing, thing_of

#: (the file, bytes done of all, of how many)
Progress = Callable[[Thing, int, int], None]


@dataclass(slots=True)
class Restored:
    """What came of it."""

    fetched: int = 0
    fetched_bytes: int = 0
    whole: int = 0
    """Were here already, and are what they were."""
    failed: list[tuple[Thing, str]] = field(default_factory=list)


async def restore_all(
    config: Config,
    known: Sequence[Thing] | None,
    wanted: Callable[[Thing], bool],
    progress: Progress = lambda thing, done, total: None,
) -> Restored:
    """Bring back what is `wanted` of the `known`; None: of all that stands there.

    It stops at the first file that the storage cannot give because it is away, and raises BlobsAway: what was brought back by
    then stays, and the next call goes on. Raises OSError for this machine's disk.
    """
    restored = Restored()
    async with worker_of(config) as worker:
        if known is None:
            known = [
                thing async for key, size in worker.listed() if (thing := thing_of(key, size)) is not None
            ]
        things = [each for each in known if wanted(each)]
        total, done = sum(each.bytes for each in things), 0
        for thing in things:
            before = done

            def told(stage: str, now: int, of: int, thing: Thing = thing, before: int = before) -> None:
                progress(thing, before + now, total)

            await _one(worker, thing, told, restored)
            done += thing.bytes
    return restored


async def _one(
    worker: Worker, thing: Thing, told: Callable[[str, int, int], None], restored: Restored
) -> None:
    try:
        if await worker.fetch(thing, told):
            restored.fetched += 1
            restored.fetched_bytes += thing.bytes
        else:
            restored.whole += 1
    except CannotCopy as problem:
        restored.failed.append((thing, problem.reason))
        if problem.reason in ("no_room", "disk"):
            raise OSError(f"{thing.file}: {problem.detail}") from problem
    except BlobsAway as problem:
        raise BlobsAway(f"the second copy cannot be read now ({problem.why}): {problem}") from problem
