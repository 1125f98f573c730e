"""Where checkpoints are sent: another machine over HTTP(S), or a folder that another machine lends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import aiohttp

from hub.evidence.receiver import Keeper, NotTaken
from hub.journal.checkpoint import parse_line
from hub.journal.ports import Checkpoint

#: A receiver that takes longer is away.
TIMEOUT_S: Final = 15.0
#: What a receiver may answer.
MOST_ANSWER: Final = 64 * 1024


class PlaceAway(Exception):
    """It cannot be reached, or could not keep them: tried again. Says why, in words for a log."""


class OtherHistory(Exception):
    """What is kept there does not go together with what is sent: a person has to look."""


class Place(Protocol):
    """One place."""

    name: str
    """For the page: a host, or a folder."""

    async def last(self) -> Checkpoint | None:
        """The last that is kept there. Raises PlaceAway."""

    async def send(self, public_key: str, lines: Sequence[str]) -> Checkpoint | None:
        """Have them kept; the last that is kept then. Raises PlaceAway, OtherHistory."""


class FolderPlace:
    """A folder, best of another machine: mounted, and writable for the hub alone."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder

    async def last(self) -> Checkpoint | None:
        """See Place."""
        return await asyncio.to_thread(lambda: self._keeper().last)

    async def send(self, public_key: str, lines: Sequence[str]) -> Checkpoint | None:
        """See Place."""

        def work() -> Checkpoint | None:
            try:
                return self._keeper().take(public_key, lines)
            except NotTaken as why:
                raise OtherHistory(str(why)) from None
            except OSError as problem:
                raise PlaceAway(str(problem)) from None

        return await asyncio.to_thread(work)

    def _keeper(self) -> Keeper:
        # A mount that is away leaves an empty folder or none: nothing is made there.
        if not self._folder.is_dir():
            raise PlaceAway(f"{self._folder} is not there")
        try:
            return Keeper(self._folder)
        except OSError as problem:
            raise PlaceAway(str(problem)) from None


class HttpPlace:
    """`hub checkpoints receive` on another machine, or whatever speaks as it does (docs/operations.md)."""

    def __init__(self, url: str, token: str) -> None:
        where = urlsplit(url)
        self.name = f"{where.hostname}:{where.port}" if where.port else str(where.hostname)
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def last(self) -> Checkpoint | None:
        """See Place."""
        return await self._ask("GET", None)

    async def send(self, public_key: str, lines: Sequence[str]) -> Checkpoint | None:
        """See Place."""
        return await self._ask("POST", {"public_key": public_key, "checkpoints": list(lines)})

    async def _ask(self, method: str, body: object) -> Checkpoint | None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=self._headers) as http,
                http.request(method, self._url, json=body, allow_redirects=False) as answer,
            ):
                content = await answer.content.read(MOST_ANSWER)
                if answer.status == 409:
                    raise OtherHistory(content[:200].decode(errors="replace"))
                if answer.status != 200:
                    raise PlaceAway(f"it answers {answer.status}")
                last = json.loads(content)["last"]
                return parse_line(last) if last is not None else None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as problem:
            raise PlaceAway(f"{type(problem).__name__}: {problem}") from None
