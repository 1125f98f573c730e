"""Work for nodes and recorder that nobody waits for: run, logged, and ended together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from typing import Any

from hub.errors import Refusal

log = logging.getLogger(__name__)


class Background:
    """The tasks that run now."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` from now on. What it raises is logged."""
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # What was stopped before its first step is never awaited.
        task.add_done_callback(lambda _: work.close())

    async def stop(self) -> None:
        """Cancel what still runs, and wait for it."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _logged(work: Awaitable[None]) -> None:
    """A process that is away is mended at its next hello; a bug is logged."""
    try:
        await work
    except Refusal as refusal:
        log.warning("not carried out now: %s", refusal.message)
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("work for nodes or recorder failed")
