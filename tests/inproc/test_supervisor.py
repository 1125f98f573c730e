"""Children of an embedded hub: one at a time, brought back, and found again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest

from hub import silence
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


async def test_a_child_that_hangs_is_killed_and_brought_back_also_one_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "GRACE_S", 0.5)
    monkeypatch.setattr(silence, "FOUND_GRACE_S", 2.0)
    beats = 0
    hung: set[int] = set()

    def heard(pid: int) -> int:
        nonlocal beats
        beats += pid not in hung
        return beats

    child = Sleeper("thing", tmp_path, os.environ)
    child.heard = heard
    keeping = asyncio.create_task(child.keep())
    first = await eventually(lambda: holder(tmp_path, "thing"))
    await asyncio.sleep(1.0)
    assert holder(tmp_path, "thing") == first, "a child that is heard was killed"
    os.kill(first, signal.SIGSTOP)
    hung.add(first)
    second = await eventually(lambda: (now := holder(tmp_path, "thing")) not in (None, first) and now)

    # Control dies and another one finds a child that hangs, of which it has never heard anything.
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    os.kill(second, signal.SIGSTOP)
    found = Sleeper("thing", tmp_path, os.environ)
    found.heard = lambda pid: 0
    keeping = asyncio.create_task(found.keep())
    await eventually(lambda: (now := holder(tmp_path, "thing")) not in (None, second) and now)
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    await found.end()
