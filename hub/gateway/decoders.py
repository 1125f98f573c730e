"""Pictures of cameras decoded by processes of low priority (recordings.camera_picture), begun when they are needed.

One that is loaded makes a picture in a tenth of the time that loading takes: where a wall is shown by pictures, it stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import Final

from hub.errors import Refusal
from hub.gateway.pictures import CODECS
from recordings.camera_messages import HEAD, MOST_BYTES

#: Pictures that are decoded at the same time.
AT_ONCE: Final = 2
#: How long one picture may take, and how long a process without work is kept.
DECODE_S: Final = 10.0
IDLE_S: Final = 60.0
_COMMAND: Final = ("nice", "-n", "15", sys.executable, "-m", "recordings.camera_picture")


class Decoders:
    """Those of one gateway."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._resting: list[asyncio.subprocess.Process] = []
        self._ends: asyncio.TimerHandle | None = None

    async def jpeg(self, codec: str, data: bytes) -> bytes:
        """The picture as JPEG. Raises Refusal("unavailable") where nothing comes of it."""
        async with self._turn:
            # One that rested may have ended meanwhile: then another one is begun, once.
            out = await self._made(codec, data, self._resting.pop()) if self._resting else None
            if out is None:
                out = await self._made(codec, data, await _begun())
        if not out:
            raise Refusal("unavailable", "the picture cannot be decoded", "undecodable")
        return out

    async def _made(self, codec: str, data: bytes, process: asyncio.subprocess.Process) -> bytes | None:
        """What this process makes of it, and nothing where it cannot; None where it is none any more."""
        assert process.stdin is not None
        assert process.stdout is not None
        number = CODECS.index(codec)
        try:
            async with asyncio.timeout(DECODE_S):
                process.stdin.write(HEAD.pack(number, len(data)) + data)
                await process.stdin.drain()
                answered, length = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
                if answered != number or length > MOST_BYTES:
                    raise ValueError("it is no answer")
                out = await process.stdout.readexactly(length)
        except TimeoutError:
            await _ended(process)
            return b""
        except (OSError, ValueError, asyncio.IncompleteReadError):
            await _ended(process)
            return None
        except asyncio.CancelledError:
            await _ended(process)
            raise
        self._rest(process)
        return out

    def _rest(self, process: asyncio.subprocess.Process) -> None:
        self._resting.append(process)
        if self._ends is not None:
            self._ends.cancel()
        self._ends = asyncio.get_running_loop().call_later(IDLE_S, self._send_away)

    def _send_away(self) -> None:
        """They have nothing to do: without anything to read they end by themselves."""
        resting, self._resting = self._resting, []
        for process in resting:
            assert process.stdin is not None
            process.stdin.close()

    async def close(self) -> None:
        """End them."""
        if self._ends is not None:
            self._ends.cancel()
        resting, self._resting = self._resting, []
        await asyncio.gather(*(_ended(process) for process in resting))


async def _begun() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )


async def _ended(process: asyncio.subprocess.Process) -> None:
    """End it, and what it has forked off."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()
