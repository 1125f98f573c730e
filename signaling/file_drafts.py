"""Files that people bring, from the moment they come until what they hold stands in the hub: in this process's memory alone.

What a file holds is taken apart, matched and sealed by a child process (`HitsReader`); one kind of list is one `FileDrafts`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.ids import new_id
from hub.sheets.hits_reading import HitsReader
from signaling.services import Json, Services

#: How long a file waits for its person, in seconds.
KEPT_S: Final = 3600.0


@dataclass
class Draft:
    """A file that somebody brought."""

    id: str
    account: str
    content: bytes = field(repr=False)
    looked: Json = field(repr=False)
    state: str = "looked"
    done: int = 0
    of: int = 0
    made: str | None = None
    """The id of what was made of it."""
    why: str | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    def to_wire(self, made: str) -> Json:
        """As pages see it; `made` is what the id of what was made is called there."""
        told = {name: self.looked[name] for name in ("encoding", "rows", "columns", "wrong_rows")}
        names = ("row", "column", "why", "value")
        wrong = [dict(zip(names, each, strict=True)) for each in self.looked["wrong"]]
        now = {name: getattr(self, name) for name in ("state", "done", "of", "why")}
        return {"draft": self.id, **told, "wrong": wrong, **now, made: self.made}


class FileDrafts:
    """The files that wait: one a person, and at most `most` together."""

    def __init__(self, services: Services, reader: HitsReader, most: int) -> None:
        self._services = services
        self.reader = reader
        self._most = most
        self._by_id: dict[str, Draft] = {}

    async def bring(self, account: Account, content: bytes) -> Draft:
        """Look at a file. Raises Refusal: `unprocessable`, `too_many`."""
        for each in [each for each in self._by_id.values() if each.account == account.id]:
            if each.state == "loading":
                raise Refusal("wrong_state", "your other list is being loaded")
            self.drop(each)
        if sum(bool(each.content) for each in self._by_id.values()) >= self._most:
            raise Refusal("too_many", "others bring their lists just now; try again in a few minutes")
        looked = await self.reader.ask(content, {"do": "look"})
        draft = Draft(new_id("u", self._services.clock()), account.id, content, looked)
        self._by_id[draft.id] = draft
        asyncio.get_running_loop().call_later(KEPT_S, self.drop, draft)
        return draft

    def of(self, account: Account, draft: str) -> Draft:
        """Somebody's own. Raises Refusal `not_found`."""
        found = self._by_id.get(draft)
        if found is None or found.account != account.id:
            raise Refusal("not_found", "the file is not here any more: bring it again", "draft")
        return found

    def drop(self, draft: Draft) -> None:
        """Forget a file; one that is being loaded stays until it is."""
        if draft.state != "loading":
            draft.content = b""
            self._by_id.pop(draft.id, None)

    def require_waiting(self, draft: Draft) -> None:
        """Raises Refusal `wrong_state` for a file of which something was made, or is."""
        if draft.state not in ("looked", "failed"):
            raise Refusal("wrong_state", "this file was loaded already")

    def begin(self, draft: Draft, load: Callable[[], Any], name: str) -> None:
        """Load it in a task of its own."""
        draft.state, draft.done, draft.of, draft.why = "loading", 0, 0, None
        draft.task = asyncio.create_task(load(), name=name)

    async def close(self) -> None:
        """End what runs; what came of it is forgotten at the next start."""
        tasks = [each.task for each in self._by_id.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
