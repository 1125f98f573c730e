"""Whether the process at the other end of a link still does anything: asked every few seconds, answered by its event loop."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from hub.errors import Refusal
from hub.link import Link

#: Pause between two questions.
BEAT_S: Final = 2.0
#: How long an answer may take. The WebSocket's own ping closes a link sooner where nothing at all comes back.
ANSWER_S: Final = 10.0
#: Processes that are remembered; those of before go first.
_KEPT: Final = 256

log = logging.getLogger(__name__)


class Heartbeats:
    """How often each process was heard over its link, whichever link it was. `count` is for the supervisor."""

    def __init__(self) -> None:
        self._before: dict[int, int] = {}  # frames of links that are closed
        self._links: dict[int, Link] = {}

    def count(self, pid: int) -> int:
        """A number that is another one whenever something was heard of this process; 0 before."""
        link = self._links.get(pid)
        return self._before.get(pid, 0) + (link.heard if link is not None else 0)

    async def keep(self, link: Link, pid: int) -> None:
        """Ask until the link is closed, and close it when neither an answer nor anything else comes any more."""
        self._links[pid] = link
        try:
            while not link.closed.is_set():
                before = link.heard
                try:
                    await link.call("alive", {}, ANSWER_S)
                except Refusal:
                    if link.heard == before and not link.closed.is_set():
                        log.error("nothing comes over the link of process %d; it is closed", pid)
                        await link.close()
                await asyncio.sleep(BEAT_S)
        finally:
            self._forget(link, pid)

    def _forget(self, link: Link, pid: int) -> None:
        self._before[pid] = self._before.pop(pid, 0) + link.heard
        if self._links.get(pid) is link:
            del self._links[pid]
        while len(self._before) > _KEPT:
            del self._before[next(iter(self._before))]
