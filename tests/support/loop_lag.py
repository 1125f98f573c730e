"""How late the event loop runs while something is done to it."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Lag:
    """The worst delay seen, in seconds, of processor time that this process spent (others' load does not count)."""

    def __init__(self) -> None:
        self.worst_s = 0.0

    async def watch(self) -> None:
        """Ask the loop for a turn again and again until cancelled."""
        while True:
            began = time.thread_time()
            await asyncio.sleep(0)
            self.worst_s = max(self.worst_s, time.thread_time() - began)
            await asyncio.sleep(0.001)


@asynccontextmanager
async def measured_lag() -> AsyncIterator[Lag]:
    """Measure while the block runs; what was there before is not collected meanwhile."""
    gc.freeze()
    lag = Lag()
    task = asyncio.create_task(lag.watch())
    try:
        yield lag
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        gc.unfreeze()
