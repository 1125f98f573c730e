"""One inbox and one worker per socket: what a client sends is answered in order, and only so much may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from hub.errors import Refusal
from signaling.errors import failure_body

#: Events that may wait in one inbox.
MAX_WAITING: Final = 64

Work = Callable[[], Awaitable[dict[str, Any]]]


class Inbox:
    """Runs what is put into it one after the other. `close` drops what still waits."""

    def __init__(self, waiting: int = MAX_WAITING) -> None:
        self._queue: asyncio.Queue[tuple[Work, asyncio.Future[dict[str, Any]]]] = asyncio.Queue(waiting)
        self._worker = asyncio.create_task(self._run())

    def __len__(self) -> int:
        return self._queue.qsize()

    def put(self, work: Work) -> asyncio.Future[dict[str, Any]]:
        """Have `work` done in its turn; the future holds what to acknowledge with and never an error."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((work, answer))
        except asyncio.QueueFull:
            refusal = Refusal("too_many", f"{self._queue.maxsize} events wait already; wait for answers")
            answer.set_result(dict(refusal.body()))
        return answer

    def close(self, refusal: Refusal | None = None) -> None:
        """Stop; waiting events are answered with the refusal, or never without one."""
        self._worker.cancel()
        while not self._queue.empty():
            _, answer = self._queue.get_nowait()
            if refusal is None:
                answer.cancel()
            elif not answer.done():
                answer.set_result(dict(refusal.body()))

    async def _run(self) -> None:
        while True:
            work, answer = await self._queue.get()
            try:
                outcome = await work()
            except Refusal as refusal:
                outcome = dict(refusal.body())
            except asyncio.CancelledError:
                answer.cancel()
                raise
            except Exception:
                outcome = failure_body()
            if not answer.done():
                answer.set_result(outcome)
