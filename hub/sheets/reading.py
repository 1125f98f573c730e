"""Reading a spreadsheet that somebody brought: in a child process, so that nothing of the hub stands still or falls with it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hub.directory.list_rows import Row, Wrong
from hub.errors import Refusal
from hub.sheets.limits import UNREADABLE, WAIT_S

_COMMAND: Final = (sys.executable, "-s", "-m", "hub.sheets.child")
#: Where our own modules are found, wherever this process was started.
HOME: Final = Path(__file__).resolve().parents[2]
#: Files read at the same time; the others wait.
_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a spreadsheet's first sheet; those that cannot be used stand in `wrong` alone."""

    rows: list[Row]
    wrong: list[Wrong]


class SheetReader:
    """Reads a few spreadsheets at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def read(self, content: bytes) -> Sheet:
        """The rows of a file. Raises Refusal `unprocessable` with the reason (`UNREADABLE`) as its field."""
        async with self._turn:
            return _sheet(await asyncio.to_thread(_ask_child, content))


def read_sheet(content: bytes) -> Sheet:
    """The same for a command line, which may wait. Raises Refusal."""
    return _sheet(_ask_child(content))


def _ask_child(content: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            _COMMAND,
            input=content,
            capture_output=True,
            timeout=WAIT_S,
            check=False,
            cwd=HOME,
            env={"LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        return {"unreadable": "too_slow"}
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        # Ended by its limits: by time (SIGXCPU), or because there was no more memory.
        return {"unreadable": "too_slow" if done.returncode in (-24, -9) else "too_large"}
    return answer


def _sheet(answer: dict[str, Any]) -> Sheet:
    why = answer.get("unreadable")
    if why is not None:
        raise Refusal("unprocessable", UNREADABLE[why], why)
    return Sheet(
        [(number, cells) for number, cells in answer["rows"]], [Wrong(*each) for each in answer["wrong"]]
    )
