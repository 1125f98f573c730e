"""A job's process, as the hub sees it: started, heard, ended with all that it started."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from hub.jobs.work import MAX_LINE_BYTES, MAX_SAID_BYTES, TRY_AGAIN, Data, Order, WorkFailed

#: What is kept of what it says on standard error.
_LAST_WORDS: Final = 4000

log = logging.getLogger(__name__)

#: Stage, how much is done, of how much.
Heard = Callable[[str, float, float], None]


class WorkDied(Exception):
    """The process ended without a result: it may be tried again."""


async def run_child(
    program: Sequence[str], order: Order, environment: Mapping[str, str], stall_s: float, heard: Heard
) -> Data:
    """Have a process do it; what came of it. Raises WorkFailed, WorkDied. Cancelled, it ends the process and its group."""
    process = await asyncio.create_subprocess_exec(
        *program,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=MAX_LINE_BYTES,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    last_words = asyncio.create_task(_tail(process.stderr))
    ended: Data = {}
    said = 0
    try:
        try:
            process.stdin.write(order.to_line())
            await process.stdin.drain()
        except ConnectionError:
            pass  # it is gone already; how is told below
        while True:
            async with asyncio.timeout(stall_s):
                line = await process.stdout.readline()
            if not line:
                break
            said += len(line)
            if said > MAX_SAID_BYTES:
                raise WorkFailed("fault", "it says more than it may")
            told = json.loads(line)
            if "at" in told:
                stage, done, total = told["at"]
                heard(str(stage)[:32], float(done), float(total))
            else:
                ended = told
        await process.wait()
    except TimeoutError:
        raise WorkFailed("too_long", f"it stood still for {stall_s:.0f} s") from None
    except ValueError as problem:  # no JSON, or a line longer than any
        raise WorkFailed("fault", f"it says what is no line: {problem}") from None
    finally:
        _end_group(process.pid)
        await process.wait()
        process.stdin.close()
        words = await last_words
        if words and "result" not in ended:
            log.warning("%s %s said: %s", order.kind, order.job, words)
    if "result" in ended:
        result: Data = ended["result"]
        return result
    if "failed" in ended:
        reason, detail = ended["failed"]
        raise WorkFailed(reason, detail)
    if process.returncode is not None and process.returncode > 0 and process.returncode != TRY_AGAIN:
        # It ended by itself, by an exception: the same would happen again.
        raise WorkFailed("fault", words.splitlines()[-1][:400] if words else f"exit {process.returncode}")
    raise WorkDied(f"the process ended with {process.returncode}")


async def _tail(stream: asyncio.StreamReader) -> str:
    kept = b""
    while block := await stream.read(4096):
        kept = (kept + block)[-_LAST_WORDS:]
    return kept.decode(errors="replace").strip()


def _end_group(pid: int) -> None:
    """End the process and whatever it left behind: its group is its own."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
