"""Looking at finished objects from outside a hub, one after the other, for ``hub journal verify``."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from hub.config import Config
from hub.depot.build import build_blobs
from hub.depot.ports import Blobs


@contextmanager
def looking(config: Config) -> Iterator[Callable[[str], tuple[int, str] | None]]:
    """What tells size and SHA-256 of what stands under a digest, None when nothing does. It raises BlobsAway."""
    runner, blobs = asyncio.Runner(), build_blobs(config)
    # In a thread of its own: whoever verifies may stand in an event loop.
    with ThreadPoolExecutor(1, thread_name_prefix="objects") as thread:
        try:
            yield lambda digest: thread.submit(lambda: runner.run(_look(blobs, digest))).result()
        finally:
            thread.submit(lambda: runner.run(blobs.close())).result()
            thread.submit(runner.close).result()


@contextmanager
def reading(config: Config) -> Iterator[Callable[[str, int], bytes | None]]:
    """What gives the so many bytes of a small object, None where there is none of them. It raises BlobsAway."""
    runner, blobs = asyncio.Runner(), build_blobs(config)

    async def read(digest: str, size: int) -> bytes | None:
        if await blobs.size(digest) != size:
            return None
        return b"".join([piece async for piece in blobs.read(digest, 0, size)])

    with ThreadPoolExecutor(1, thread_name_prefix="objects") as thread:
        try:
            yield lambda digest, size: thread.submit(lambda: runner.run(read(digest, size))).result()
        finally:
            thread.submit(lambda: runner.run(blobs.close())).result()
            thread.submit(runner.close).result()


async def _look(blobs: Blobs, digest: str) -> tuple[int, str] | None:
    size = await blobs.size(digest)
    if size is None:
        return None
    made = hashlib.sha256()
    async for piece in blobs.read(digest, 0, size):
        made.update(piece)
    return size, made.hexdigest()
