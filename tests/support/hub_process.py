"""A whole hub under test: real processes on loopback, in a folder of its own, killed and restarted at will."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import aiohttp

from hub.supervisor import holder
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]


#: Below those that the system gives to sockets by itself (from 32,768 on): nobody takes one before it is used. Processes
#: that test at the same time begin at places of their own.
_PORTS = itertools.cycle(range(20_000, 32_000))
_SKIPPED = os.getpid() * 97 % 12_000
next(itertools.islice(_PORTS, _SKIPPED, _SKIPPED), None)


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port nobody uses at this moment, nor takes by chance in the next."""
    for port in _PORTS:
        with socket.socket(socket.AF_INET, kind) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("the ports have no end")


class Control(Protocol):
    """What is needed of control's process."""

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def terminate(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    @property
    def returncode(self) -> int | Any: ...


@dataclass
class HubProcess:
    """``python -m hub serve --demo --no-stations`` with settings of its own; `extra` adds to them.

    Without `demo` it is an empty hub. The demo is made once for all hubs of a run of tests (`shared`), which is most of the
    work of a first start; `fresh` makes it anew.
    """

    #: Where the folder of the demo is that hubs begin from; None where each makes its own.
    shared: ClassVar[Path | None] = None
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    stations: bool = False
    demo: bool = True
    fresh: bool = False
    http_host: str = "127.0.0.1"
    http_port: int = field(default_factory=free_port)
    media_port: int = field(default_factory=lambda: free_port(socket.SOCK_DGRAM))
    _process: Control | None = None

    @property
    def url(self) -> str:
        host = f"[{self.http_host}]" if ":" in self.http_host else self.http_host
        return f"http://{host}:{self.http_port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        return {
            **kept,
            "HUB_DATA_DIR": str(self.folder),
            "HUB_HTTP_HOST": self.http_host,
            "HUB_HTTP_PORT": str(self.http_port),
            "HUB_MEDIA_HOST": "127.0.0.1",
            "HUB_MEDIA_BIND": "127.0.0.1",
            "HUB_MEDIA_PORT": str(self.media_port),
            "HUB_ORPHAN_TIMEOUT_S": "60",
            # However little room the machine has, tests that are not about it hear nothing of it.
            "HUB_RECORDINGS_REFUSE_MB": "0",
            "HUB_RECORDINGS_WARN_MB": "0",
            # nobody listens to what tests record, but the tests of listening
            "HUB_VOICES": "none",
            **self.extra,
        }

    async def start(self, timeout_s: float = 90.0) -> None:
        """Start control (and whatever it starts) and wait until it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.demo and not self.fresh and "HUB_DATABASE_URL" not in self.extra:
            await self._begin_from_shared()
        arguments = [sys.executable, "-m", "hub", "serve"]
        if self.demo:
            arguments += ["--demo", *([] if self.stations else ["--no-stations"])]
        self._process = await self._begin(arguments)
        await eventually(self.is_ready, timeout_s, "the hub is not ready")

    async def _begin(self, arguments: list[str]) -> Control:
        """The process that is control."""
        with open(self.folder / "control.log", "ab") as log:
            return subprocess.Popen(
                arguments, cwd=ROOT, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    async def _begin_from_shared(self) -> None:
        """Put the demo into a folder that has no database yet; the first one of a run makes it."""
        shared = self.shared
        if shared is None or (self.folder / "hub.db").exists():
            return
        shared.parent.mkdir(parents=True, exist_ok=True)
        with open(shared.with_suffix(".lock"), "ab") as lock:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            if not shared.exists():
                first = HubProcess(shared.with_suffix(".made"), fresh=True)
                try:
                    await first.start()
                finally:
                    first.stop()
                first.folder.rename(shared)
        passing = shutil.ignore_patterns("*.log", "*.lock", "logs", "run")
        await asyncio.to_thread(shutil.copytree, shared, self.folder, ignore=passing, dirs_exist_ok=True)

    async def is_ready(self) -> bool:
        """Whether /readyz says yes. Fails at once when the process has ended."""
        process = self._process
        assert process is not None
        if process.poll() is not None:
            raise RuntimeError(f"the hub ended with {process.returncode}:\n{self.log_tail()}")
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def kill(self, which: str = "control") -> None:
        """kill -9 of control, a node (`node`, `node2`, …) or the recorder."""
        if which == "control":
            assert self._process is not None
            self._process.kill()
            self._process.wait()
        else:
            os.kill(self.pid(which), signal.SIGKILL)

    def pid(self, which: str) -> int:
        """The pid of a node or the recorder."""
        pid = holder(self.folder, which)
        assert pid is not None, f"no {which} runs"
        return pid

    def stop(self) -> None:
        """End control and its children, by force if they do not end by themselves."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for lock in sorted((self.folder / "run").glob("*.lock")):
            pid = holder(self.folder, lock.stem)
            if pid is not None:
                os.kill(pid, signal.SIGKILL)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``hub …`` with this hub's settings."""
        return subprocess.run(
            [sys.executable, "-m", "hub", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def accounts(self) -> list[dict[str, str]]:
        """The demo accounts as written into the data folder."""
        found: list[dict[str, str]] = json.loads((self.folder / "demo-accounts.json").read_text())
        return found

    def account(self, role: str, center: str) -> dict[str, str]:
        """The first demo account of this role and center."""
        return next(a for a in self.accounts() if a["role"] == role and a["center"] == center)

    def log_tail(self, lines: int = 40) -> str:
        """The end of what the processes logged."""
        texts = []
        for path in [self.folder / "control.log", *sorted((self.folder / "logs").glob("*.log"))]:
            if path.exists():
                tail = "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
                texts.append(f"--- {path.name}\n{tail}")
        return "\n".join(texts)


class Tool:
    """A person's or a tool's account at the HTTP API."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str, account: dict[str, Any]) -> None:
        self._http = http
        self.url = url
        self.token = token
        self.account = account

    @classmethod
    async def sign_in(cls, http: aiohttp.ClientSession, url: str, credentials: dict[str, str]) -> Tool:
        body = {"username": credentials["username"], "password": credentials["password"]}
        async with http.post(f"{url}/api/v1/session", json=body) as answer:
            assert answer.status == 201, await answer.text()
            found = await answer.json()
        return cls(http, url, found["token"], found["account"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def command(
        self, kind: str, data: dict[str, Any] | None = None, meeting: str | None = None, id: str | None = None
    ) -> dict[str, Any]:
        """Give one command; the answer, which must be no refusal."""
        body: dict[str, Any] = {"id": id or uuid.uuid4().hex, "kind": kind, "data": data or {}}
        if meeting is not None:
            body["meeting"] = meeting
        async with self._http.post(f"{self.url}/api/v1/commands", json=body, headers=self.headers) as answer:
            assert answer.status == 200, f"{kind}: {answer.status} {await answer.text()}"
            found: dict[str, Any] = await answer.json()
            return found

    async def get(self, path: str) -> Any:
        """Read one resource; it must be there."""
        async with self._http.get(f"{self.url}{path}", headers=self.headers) as answer:
            assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
            return await answer.json()


async def wait_gone(pid: int, timeout_s: float = 10.0) -> None:
    """Until no process has this pid any more."""

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    await eventually(gone, timeout_s, f"process {pid} is still there")
    await asyncio.sleep(0)
