"""Children of an embedded hub: one at a time, brought back, and found again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

from hub.supervisor import AlreadyRunningError, Child, hold_lock, holder
from tests.support.waiting import eventually

CHILD = """
import sys, time
from pathlib import Path
from hub.supervisor import hold_lock
with hold_lock(Path(sys.argv[1]), "thing"):
    time.sleep(600)
"""


class Sleeper(Child):
    """A child that takes its lock and sleeps."""

    async def _start(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, str(self._data_dir), start_new_session=True
        )
        return self._process


def test_a_lock_is_held_by_one_process(tmp_path: Path) -> None:
    assert holder(tmp_path, "thing") is None
    with hold_lock(tmp_path, "thing"):
        assert holder(tmp_path, "thing") == os.getpid()
        with pytest.raises(AlreadyRunningError):
            hold_lock(tmp_path, "thing")
    assert holder(tmp_path, "thing") is None


async def test_a_killed_child_is_brought_back_and_a_living_one_is_found_again(tmp_path: Path) -> None:
    first = Sleeper("thing", tmp_path, os.environ)
    keeping = asyncio.create_task(first.keep())
    pid = await eventually(lambda: holder(tmp_path, "thing"))
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    again = await eventually(lambda: (now := holder(tmp_path, "thing")) not in (None, pid) and now)
    assert again

    # Control dies: nobody watches. The next control starts nothing while the child lives.
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    second = Sleeper("thing", tmp_path, os.environ)
    keeping = asyncio.create_task(second.keep())
    await asyncio.sleep(0.3)
    assert holder(tmp_path, "thing") == again
    assert second.pid == again

    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    await second.end()
    assert holder(tmp_path, "thing") is None
