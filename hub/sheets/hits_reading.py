"""Asking the child that works on a list that was brought: one question at a time to each, an answer line by line."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final

from hub.errors import Refusal
from hub.sheets.limits import UNREADABLE
from hub.sheets.reading import HOME

Json = dict[str, Any]
#: Children at the same time; who comes later waits.
_AT_ONCE: Final = 2
#: How long one line may take, in seconds: the first has all the reading before it.
_LINE_S: Final = 60.0
_LONGEST_LINE: Final = 64 << 20


class HitsReader:
    """Works on a few files at a time, each in a process of its own with limits and of low priority."""

    def __init__(self, module: str = "hub.sheets.hits_child") -> None:
        self._command = (sys.executable, "-s", "-m", module)
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, content: bytes, asked: Json) -> Json:
        """The one line of an answer. Raises Refusal `unprocessable` with the reason (`UNREADABLE`) as its field."""
        async with aclosing(self.lines(content, asked)) as lines:
            return await anext(lines)

    async def lines(self, content: bytes, asked: Json) -> AsyncGenerator[Json]:
        """All lines of an answer. Raises Refusal as `ask`."""
        async with self._turn:
            child = await asyncio.create_subprocess_exec(
                "nice",
                "-n",
                "10",
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LONGEST_LINE,
                cwd=HOME,
                env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            )
            assert child.stdin is not None
            assert child.stdout is not None
            try:
                child.stdin.write(json.dumps(asked).encode() + b"\n")
                child.stdin.write(content)
                try:
                    await asyncio.wait_for(child.stdin.drain(), _LINE_S)
                    child.stdin.close()
                except (BrokenPipeError, ConnectionResetError):
                    raise _unreadable("too_large") from None
                count = 0
                while line := await asyncio.wait_for(child.stdout.readline(), _LINE_S):
                    answer: Json = json.loads(line)
                    if "unreadable" in answer:
                        raise _unreadable(answer["unreadable"])
                    count += 1
                    yield answer
                ended = await child.wait()
                if count == 0 or ended != 0:
                    # Ended by its limits: by time (SIGXCPU), or because there was no more memory.
                    raise _unreadable("too_slow" if ended in (-24, -9) else "too_large")
            except TimeoutError:
                raise _unreadable("too_slow") from None
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.wait()


def _unreadable(why: str) -> Refusal:
    return Refusal("unprocessable", UNREADABLE[why], why)
