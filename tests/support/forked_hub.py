"""A hub for tests that kill it many times: control is forked off a process that has loaded it, which spares it five seconds."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.support.hub_process import ROOT, Control, HubProcess


class _Forked:
    """A forked process, as `subprocess` would have it."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("hub", timeout or 0.0)
        return self._process.exitcode


@dataclass
class ForkedHub(HubProcess):
    """As HubProcess. Nodes and the recorder are begun by control itself, as ever."""

    async def _begin(self, arguments: list[str]) -> Control:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["hub.app", __name__])
        words = arguments[arguments.index("serve") :]
        process = context.Process(target=_serve, args=(words, self.environment, self.folder / "control.log"))
        await asyncio.to_thread(process.start)
        return _Forked(process)


def _serve(words: list[str], environment: Mapping[str, str], log: Path) -> None:
    """Be control, in a process of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    from hub.__main__ import main

    raise SystemExit(main(words))
