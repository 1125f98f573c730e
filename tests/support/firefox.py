"""Debian's Firefox under test, with no screen or a virtual one, by way of `tests/npm/firefox.mjs` (WebDriver BiDi)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.real_media import Grey
from tests.support.trust import trusting

_NPM = Path(__file__).resolve().parents[1] / "npm"
_LONGEST_S = 60.0


class Firefox:
    """One page of one Firefox. What it is asked is answered in order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._count = 0

    async def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), _LONGEST_S)
        assert line, "the driver of Firefox has ended"
        return json.loads(line)

    async def ready(self) -> None:
        """Until the browser stands. Raises AssertionError when it does not start."""
        assert (await self._answer())["value"] == "ready"

    async def ask(self, operation: str, *arguments: Any) -> Any:
        """Do one of the operations of `firefox.mjs`. Raises AssertionError with the browser's reason."""
        assert self._process.stdin is not None
        self._count += 1
        line = json.dumps({"id": self._count, "op": operation, "args": arguments})
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        answer = await self._answer()
        assert answer["id"] == self._count
        assert "error" not in answer, f"{operation} {arguments}: {answer['error']}"
        return answer["value"]

    def kill(self) -> None:
        """`kill -9` of the driver: nobody tells the browser, which is killed by its own `pid`."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def picture(self, name: str, code: str) -> Grey | None:
        """The 32x18 grey picture that the element with this hook shows now, None when it shows none."""
        found = await self.ask("element", name, code)
        return np.array(found, dtype=np.float64).reshape(18, 32) if found is not None else None


@asynccontextmanager
async def virtual_screen() -> AsyncIterator[str]:
    """An X server without a monitor, on a free display; yields the name of the display."""
    process = await asyncio.create_subprocess_exec(
        *("Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        number = await asyncio.wait_for(process.stdout.readline(), _LONGEST_S)
        assert number.strip().isdigit(), "Xvfb did not start"
        yield f":{int(number)}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def firefox(
    folder: Path,
    display: str | None = None,
    more: Mapping[str, str] | None = None,
    *,
    command: Sequence[str] = (),
    preferences: Mapping[str, str | int | bool] | None = None,
    authority: Path | None = None,
) -> AsyncIterator[Firefox]:
    """A running Firefox with its profile in this folder, a fresh one the first time; headless without an X `display`.

    `more`: of its environment. `command`: what it is run by, as on another machine. `authority`: a certificate that it trusts.
    """
    node = shutil.which("node")
    assert node is not None, "node is missing"
    # A home of its own: Firefox refuses one that belongs to somebody else.
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    if authority is not None:
        trusting(folder / "profile", authority)
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    if display is not None:
        environment["DISPLAY"] = display
    environment["FIREFOX_PREFERENCES"] = json.dumps(dict(preferences or {}))
    process = await asyncio.create_subprocess_exec(
        *command,
        node,
        "firefox.mjs",
        str(folder / "profile"),
        cwd=_NPM,
        env={**environment, **(more or {}), "HOME": str(home)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        browser = Firefox(process)
        await browser.ready()
        yield browser
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()
