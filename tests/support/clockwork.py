"""The clockwork in tests: killed at the worst moment in a process of its own, or going on beside a test."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from hub.coordination.clockwork import Clockwork
from tests.support.journal import HubWriter


async def killed_in_time(url: str, moment: str, ahead_s: int, *kinds: str) -> None:
    """Let a hub on this journal, `ahead_s` later, do what is due, and `kill -9` it `before` or `after` the commit of an entry
    of these kinds."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.clockwork_child", url, moment, str(ahead_s), *kinds),
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    assert await asyncio.wait_for(child.stdout.readline(), 30) == b"now\n"
    child.kill()
    await child.wait()


@asynccontextmanager
async def running_clockwork(writer: HubWriter, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """The clockwork of this writer goes until the end of the block."""
    task = asyncio.create_task(Clockwork(writer, clock).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
