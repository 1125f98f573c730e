"""Child processes of an embedded hub: started, found again after a crash of control, brought back to life.

A child holds an exclusive lock on ``run/<name>.lock`` for as long as it lives, and writes its pid there. The
next control finds the children that went on without a killed one, and does not start them twice. A child that is not heard
over its link for a while hangs: it is killed and started anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import IO

from hub.silence import Silence

log = logging.getLogger(__name__)

#: How often a child is looked at. It bounds how long a killed one stays away.
WATCH_INTERVAL_S = 0.2
#: A child that dies within this time of its start is started again more and more slowly.
SHORT_LIFE_S = 5.0
LONGEST_PAUSE_S = 10.0


class AlreadyRunningError(Exception):
    """Another process of this name holds the lock in this data folder."""


def hold_lock(data_dir: Path, name: str) -> IO[str]:
    """Take the lock of process `name` and write the pid into it; hold the returned file open for life.

    Raises AlreadyRunningError when another living process has it.
    """
    path = _lock_path(data_dir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = open(path, "a+")  # noqa: SIM115 - it stays open for the life of the process
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise AlreadyRunningError(f"{name} is running already in {data_dir}") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def holder(data_dir: Path, name: str) -> int | None:
    """The pid of the living process that holds this lock, or None."""
    try:
        with open(_lock_path(data_dir, name), "r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                text = file.read().strip()
                return int(text) if text.isdigit() else None
    except FileNotFoundError:
        pass
    return None


def _lock_path(data_dir: Path, name: str) -> Path:
    return data_dir / "run" / f"{name}.lock"


class Child:
    """One process that shall always run: ``python -m hub <arguments>``, known by its lock `name`."""

    def __init__(
        self, name: str, data_dir: Path, environment: Mapping[str, str], arguments: Sequence[str] = ()
    ) -> None:
        """Without `arguments` the command is `name`."""
        self.name = name
        #: What it was heard of: another number whenever it was, 0 before. None while nobody listens.
        self.heard: Callable[[int], int] | None = None
        self._silence = Silence()
        self._arguments = tuple(arguments) or (name,)
        self._data_dir = data_dir
        self._environment = dict(environment)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The pid of the running process, own or found."""
        if self._process is not None and self._process.returncode is None:
            return self._process.pid
        return holder(self._data_dir, self.name)

    async def keep(self) -> None:
        """Start it if it does not run, and again whenever it dies; until cancelled."""
        pause = WATCH_INTERVAL_S
        loop = asyncio.get_running_loop()
        while True:
            found = holder(self._data_dir, self.name)
            if found is not None:
                log.info("%s goes on from before (pid %d)", self.name, found)
                while (there := holder(self._data_dir, self.name)) is not None:
                    self._require_heard(there, found=True)
                    await asyncio.sleep(WATCH_INTERVAL_S)
                log.warning("%s (pid %d) has ended; it is started again", self.name, found)
            begun = loop.time()
            process = await self._start()
            watching = asyncio.create_task(self._watch(process.pid))
            try:
                code = await process.wait()
            finally:
                watching.cancel()
            lived = loop.time() - begun
            log.warning("%s has ended with %s; it is started again", self.name, code)
            pause = WATCH_INTERVAL_S if lived > SHORT_LIFE_S else min(pause * 2, LONGEST_PAUSE_S)
            await asyncio.sleep(pause)

    async def _watch(self, pid: int) -> None:
        while True:
            self._require_heard(pid, found=False)
            await asyncio.sleep(WATCH_INTERVAL_S)

    def _require_heard(self, pid: int, *, found: bool) -> None:
        """Kill the process if it has been silent for too long. What waits for its end sees to the rest."""
        if self.heard is None:
            return
        if self._silence.look(asyncio.get_running_loop().time(), pid, self.heard(pid), found=found):
            log.error("%s (pid %d) does not answer; it is killed", self.name, pid)
            self._silence = Silence()
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def _start(self) -> asyncio.subprocess.Process:
        logs = self._data_dir / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with open(logs / f"{self.name}.log", "ab") as output:
            # In a session of its own: Ctrl-C reaches control only, which ends its children in order.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "hub",
                *self._arguments,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return self._process

    async def end(self, timeout_s: float = 10.0) -> None:
        """Ask the process to end, and insist after `timeout_s`."""
        pid = self.pid
        if pid is None:
            return
        for how, patience_s in ((signal.SIGTERM, timeout_s), (signal.SIGKILL, 2.0)):
            try:
                os.kill(pid, how)
            except ProcessLookupError:
                return
            try:
                async with asyncio.timeout(patience_s):
                    while self.pid == pid:
                        await asyncio.sleep(0.02)
                return
            except TimeoutError:
                log.warning("%s does not end by itself", self.name)


class Family:
    """The children of this process, kept running together and ended together."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._children: dict[Child, asyncio.Task[None]] = {}

    def add(self, name: str, environment: Mapping[str, str], arguments: Sequence[str] = ()) -> None:
        """Have ``python -m hub <arguments>`` (without any: ``<name>``) run from now on."""
        child = Child(name, self._data_dir, environment, arguments)
        self._children[child] = asyncio.create_task(child.keep())

    def listen(self, heard: Callable[[int], int], names: Collection[str]) -> None:
        """Have these children killed and started anew when they are not heard: `heard` is another number whenever a pid was.

        Called once they can be heard at all.
        """
        for child in self._children:
            if child.name in names:
                child.heard = heard

    def dismiss(self, name: str) -> None:
        """End a process that an earlier control left behind and that is not wanted any more."""
        pid = holder(self._data_dir, name)
        if pid is not None:
            log.info("%s of before is not wanted any more; it is ended", name)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    async def end(self) -> None:
        """End them all, at the same time. Ending twice is no error."""
        children, self._children = self._children, {}
        for task in children.values():
            task.cancel()
        await asyncio.gather(*children.values(), return_exceptions=True)
        await asyncio.gather(*(child.end() for child in children))
