"""Looking at recorded files that stand in the second copy alone, one after the other, for ``hub journal verify``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from hub.config import Config
from hub.evidence.copied import Thing

#: (recording, part, file, size, SHA-256) -> size and SHA-256 of what stands in the copy, None when nothing does.
LookFar = Callable[[str, str, str, int, str], tuple[int, str] | None]


@contextmanager
def looking_far(config: Config) -> Iterator[LookFar | None]:
    """What looks there; None where the settings name no second copy. It raises BlobsAway."""
    if not config.copies_s3_url:
        yield None
        return
    from hub.copies.far import Far, place_of  # large: loaded where there is a second copy
    from hub.depot.s3_door import S3Door

    runner, far = asyncio.Runner(), Far(S3Door(place_of(config)), config.copies_mb_s << 20)

    def look(recording: str, part: str, file: str, size: int, sha256: str) -> tuple[int, str] | None:
        key = Thing("part", f"{recording}/{part}", sha256, size, file).key
        return thread.submit(lambda: runner.run(far.digest(key, lambda done, total: None))).result()

    # In a thread of its own: whoever verifies may stand in an event loop.
    with ThreadPoolExecutor(1, thread_name_prefix="second copy") as thread:
        try:
            yield look
        finally:
            thread.submit(lambda: runner.run(far.close())).result()
            thread.submit(runner.close).result()
