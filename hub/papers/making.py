"""Making files of papers: in a child process, so that nothing of the hub stands still or falls with it."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Final, Literal

from hub.errors import Refusal
from hub.papers.child import NO_FONT
from hub.papers.paper import Paper

Kind = Literal["docx", "pdf"]
#: kind -> content type.
TYPES: Final[dict[Kind, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
#: Papers made at the same time; the others wait.
_AT_ONCE: Final = 2
WAIT_S: Final = 40.0
#: Where our own modules are found, wherever this process was started.
_HOME: Final = Path(__file__).resolve().parents[2]

log = logging.getLogger(__name__)


def _command(kind: Kind) -> tuple[str, ...]:
    return (sys.executable, "-s", "-m", "hub.papers.child", kind)


class PaperMaker:
    """Makes a few papers at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def make(self, kind: Kind, paper: Paper) -> bytes:
        """The file. Raises Refusal `unavailable` where there is no Chinese font, `unprocessable` where it takes too much."""
        async with self._turn:
            return await asyncio.to_thread(make_paper, kind, paper)


def make_paper(kind: Kind, paper: Paper) -> bytes:
    """The same for who may wait. Raises Refusal."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            _command(kind),
            input=json.dumps(paper.to_json(), ensure_ascii=True).encode(),
            capture_output=True,
            timeout=WAIT_S,
            check=False,
            cwd=_HOME,
            env={"LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise Refusal("unprocessable", "making the file took too long", "too_slow") from None
    if done.returncode == NO_FONT:
        raise Refusal("unavailable", "this machine has no font with Chinese characters")
    if done.returncode != 0 or not done.stdout:
        log.error(
            "a paper could not be made (%s): %s",
            done.returncode,
            done.stderr[-500:].decode("utf-8", "replace"),
        )
        raise Refusal("unprocessable", "the file could not be made", "too_large")
    return done.stdout
