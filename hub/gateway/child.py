"""A child process that makes of what it is given something else, one message after the other, at the lowest priority.

A child that hangs, dies or falls behind costs its own camera alone: it is killed and begun anew with growing pauses.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable
from typing import Final

from recordings.camera_messages import HEAD, MOST_BYTES

#: What a child has not read yet; beyond it nothing more is given.
MOST_WAITING: Final = 4 << 20
#: A child that is given something and gives nothing for so long hangs; for its first word it has to be loaded.
HANGS_S: Final = 3.0
BEGINS_S: Final = 10.0
#: Pauses before one that ended is begun anew, and how long one has to work before they begin small again.
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
_SETTLED_S: Final = 20.0
_COMMAND: Final = ("nice", "-n", "15", sys.executable, "-m")

log = logging.getLogger(__name__)


class Child:
    """One process at a time, from here until `close()`.

    `on_message` is given what comes out: number, bytes, and when; `on_begun` is told that one runs and can be given something,
    `on_trouble` that one has ended before its time.
    """

    def __init__(
        self,
        words: tuple[str, ...],
        clock: Callable[[], float],
        on_message: Callable[[int, bytes, float], None],
        on_begun: Callable[[], None],
        on_trouble: Callable[[], None],
    ) -> None:
        """`words`: the module, and what it is told."""
        self.works = False
        self.deaths = 0
        self._words = words
        self._clock = clock
        self._on_message = on_message
        self._on_begun = on_begun
        self._on_trouble = on_trouble
        self._process: asyncio.subprocess.Process | None = None
        self._given_at: float | None = None
        self.task = asyncio.create_task(self._run(), name="child")

    @property
    def pid(self) -> int | None:
        """The process's, while there is one."""
        return self._process.pid if self._process is not None else None

    def give(self, number: int, data: bytes) -> bool:
        """Have it make something of this; false where there is none, or it is so far behind that this is left out."""
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return False
        if process.stdin.transport.get_write_buffer_size() > MOST_WAITING:
            return False
        process.stdin.write(HEAD.pack(number, len(data)) + data)
        if self._given_at is None:
            self._given_at = self._clock()
        return True

    def look(self, now: float) -> None:
        """Every 100 ms: one that hangs is killed."""
        patience = HANGS_S if self.works else BEGINS_S
        if self._process is not None and self._given_at is not None and now - self._given_at > patience:
            log.warning("%s hangs; it is begun anew", self._words[0])
            self._kill()

    def close(self) -> None:
        """End it at once."""
        self.task.cancel()
        self._kill()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            begun = self._clock()
            try:
                await self._once()
            except (OSError, ValueError) as problem:
                log.warning("%s failed: %s", self._words[0], problem)
            self.deaths += 1
            self.works = False
            self._on_trouble()
            pause = FIRST_PAUSE_S if self._clock() - begun > _SETTLED_S else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _once(self) -> None:
        """One process, to its end."""
        process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            *self._words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._process, self._given_at = process, None
        try:
            self._on_begun()
            assert process.stdout is not None
            while True:
                number, length = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
                if length > MOST_BYTES:
                    raise ValueError("longer than a message is")
                data = await process.stdout.readexactly(length)
                self.works, self._given_at = True, None
                self._on_message(number, data, self._clock())
        except asyncio.IncompleteReadError:
            pass
        finally:
            self._process = None
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()

    def dump(self) -> dict[str, object]:
        """For people."""
        return {"works": self.works, "deaths": self.deaths, "pid": self.pid}


class Children:
    """The children of one gateway, so that none is left behind."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, child: Child) -> None:
        """One more."""
        self._tasks.add(child.task)
        child.task.add_done_callback(self._tasks.discard)

    async def gone(self) -> None:
        """Wait for those that were closed."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
