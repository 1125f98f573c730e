"""Finished objects brought into files from outside a hub, one after the other, and put back: for backups."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from hub.config import Config
from hub.depot.build import build_blobs
from hub.depot.folder import FILE_MODE
from hub.depot.ports import Blobs

T = TypeVar("T")


@contextmanager
def fetching(config: Config) -> Iterator[Callable[[str, Path], bool]]:
    """What writes the object of a digest to a path, durably; False when there is none. It raises BlobsAway, an OSError."""
    with _blobs(config) as (blobs, run):
        yield lambda digest, path: run(_fetch(blobs, digest, path))


@contextmanager
def storing(config: Config) -> Iterator[Callable[[str, Path, int], None]]:
    """What keeps a file of so many bytes as the object of a digest. It raises BlobsAway, an OSError."""
    with _blobs(config) as (blobs, run):
        yield lambda digest, path, size: run(blobs.put(digest, path, size))


@contextmanager
def _blobs(config: Config) -> Iterator[tuple[Blobs, Callable[[Coroutine[Any, Any, T]], T]]]:
    runner, blobs = asyncio.Runner(), build_blobs(config)
    # In a thread of its own: whoever asks may stand in an event loop.
    with ThreadPoolExecutor(1, thread_name_prefix="objects") as thread:
        try:
            yield blobs, lambda work: thread.submit(lambda: runner.run(work)).result()
        finally:
            thread.submit(lambda: runner.run(blobs.close())).result()
            thread.submit(runner.close).result()


async def _fetch(blobs: Blobs, digest: str, path: Path) -> bool:
    size = await blobs.size(digest)
    if size is None:
        return False
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        async for piece in blobs.read(digest, 0, size):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return True
