"""Files with lists of people, from the moment they are brought until their rows stand sealed in the hub.

What was brought stands in this process's memory and nowhere else. It is taken apart, matched and sealed by a child process.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.ids import new_id
from hub.rules import parse_data
from hub.sheets.hits_reading import HitsReader
from hub.sheets.sealing import KEY_BYTES
from signaling.schemas.clearing_asked import LoadAsked, MatchAsked
from signaling.services import Json, Services

#: How long a file waits for its person, in seconds, and how many files wait at the same time.
KEPT_S: Final = 3600.0
MOST: Final = 8

log = logging.getLogger(__name__)


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
    clearing: str | None = None
    why: str | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    def to_wire(self) -> Json:
        told = {name: self.looked[name] for name in ("encoding", "rows", "columns", "wrong_rows")}
        names = ("row", "column", "why", "value")
        wrong = [dict(zip(names, each, strict=True)) for each in self.looked["wrong"]]
        now = {name: getattr(self, name) for name in ("state", "done", "of", "clearing", "why")}
        return {"draft": self.id, **told, "wrong": wrong, **now}


class Drafts:
    """The files that wait: one a person."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._reader = HitsReader()
        self._by_id: dict[str, Draft] = {}

    async def bring(self, account: Account, content: bytes) -> Draft:
        """Look at a file. Raises Refusal: `unprocessable`, `too_many`."""
        for each in [each for each in self._by_id.values() if each.account == account.id]:
            if each.state == "loading":
                raise Refusal("wrong_state", "your other list is being loaded")
            self.drop(each)
        if sum(bool(each.content) for each in self._by_id.values()) >= MOST:
            raise Refusal("too_many", "others bring their lists just now; try again in a few minutes")
        looked = await self._reader.ask(content, {"do": "look"})
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

    async def match(self, account: Account, draft: Draft, asked: MatchAsked) -> Json:
        """Whose its rows are. Raises Refusal."""
        if draft.state not in ("looked", "failed"):
            raise Refusal("wrong_state", "this file was loaded already")
        return await self._reader.ask(draft.content, {"do": "match", **self._question(account, draft, asked)})

    def load(self, account: Account, draft: Draft, asked: LoadAsked) -> None:
        """Begin to load it. Raises Refusal."""
        if draft.state not in ("looked", "failed"):
            raise Refusal("wrong_state", "this file was loaded already")
        question = self._question(account, draft, asked)
        draft.state, draft.done, draft.of, draft.why = "loading", 0, 0, None
        draft.task = asyncio.create_task(self._load(account, draft, asked, question), name="list")

    async def start(self) -> None:
        """Forget what came of lists while a hub died. A database that is away is no reason not to start."""
        try:
            for clearing in await self._services.lists.rows.unknown():
                await self._services.lists.rows.forget(clearing)
        except Refusal as refusal:
            log.warning("rows of lists that never came whole are still there: %s", refusal.message)

    async def close(self) -> None:
        """End what runs; what came of it is forgotten at the next start."""
        tasks = [each.task for each in self._by_id.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _question(self, account: Account, draft: Draft, asked: MatchAsked) -> Json:
        """Raises Refusal `invalid`."""
        roles = asked.columns
        if len(roles) != len(draft.looked["columns"]):
            raise Refusal("invalid", "say what each column is", "columns")
        if "center" not in roles or roles.count("id") > 1:
            raise Refusal(
                "invalid", "one column at least names the center, one at most tells people apart", "columns"
            )
        if not {"id", "personal", "shown"} & set(roles):
            raise Refusal("invalid", "nothing of the rows would be kept", "columns")
        tree = self._services.tree
        own = [center.code for center in tree.subtree(account.center)]
        if wrong := [
            each.center for each in asked.mends if each.center is not None and each.center not in own
        ]:
            raise Refusal("not_found", f"there is no center {wrong[0]}", "mends")
        known = [*tree.path(account.center)[:-1], *tree.subtree(account.center)]
        return {
            "roles": list(roles),
            "own": own,
            "centers": [[center.code, center.name, center.parent] for center in known],
            "mends": {each.text: each.center or "" for each in asked.mends},
        }

    async def _load(self, account: Account, draft: Draft, asked: LoadAsked, question: Json) -> None:
        clearing = new_id("li", self._services.clock())
        try:
            await self._load_as(clearing, account, draft, asked, question)
        except Refusal as refusal:
            draft.state, draft.why = "failed", refusal.field or refusal.code
        except Exception:
            log.exception("a list could not be loaded")
            draft.state, draft.why = "failed", "unavailable"
        else:
            draft.state, draft.clearing, draft.content = "loaded", clearing, b""
            return
        try:
            await self._services.lists.rows.forget(clearing)
        except Refusal:
            log.warning("what came of a list stays until the next start")

    async def _load_as(
        self, clearing: str, account: Account, draft: Draft, asked: LoadAsked, question: Json
    ) -> None:
        services = self._services
        rows, now = services.lists.rows, services.clock()
        key = os.urandom(KEY_BYTES)
        columns = [
            {"name": column["name"], "role": role}
            for column, role in zip(draft.looked["columns"], asked.columns, strict=True)
            if role in ("id", "personal", "shown")
        ]
        sealing = {"clearing": clearing, "key": key.hex(), "marks": services.lists.key.marks.hex()}
        told: dict[str, Any] = {}
        async with aclosing(
            self._reader.lines(draft.content, {"do": "load", **question, **sealing})
        ) as lines:
            async for line in lines:
                if "loads" in line:
                    if line["unsure_rows"] and not asked.leave_out:
                        raise Refusal("unprocessable", "some rows have no sure center", "unsure")
                    if not line["loads"]:
                        raise Refusal("unprocessable", "no row has a center", "empty")
                    told, draft.of = line, line["loads"]
                    await rows.begin(clearing, services.lists.key.seal(clearing, key), columns, now)
                elif "piece" in line:
                    await rows.add(
                        clearing, [(number, sealed, mark) for number, sealed, mark in line["piece"]]
                    )
                    draft.done += len(line["piece"])
                else:
                    told["commitment"] = line["commitment"]
        data = {
            "clearing": clearing,
            "title": asked.title,
            "account": account.id,
            "name": account.name,
            "center": account.center,
            "counts": told["counts"],
            "left_out": told["left_out"] + told["unsure_rows"] + told["wrong_rows"],
            "repeated": told["repeated"],
            "commitment": told["commitment"],
            "delete_at": to_wire(now + timedelta(days=asked.days)),
        }
        kind = "clearing.load"
        await services.writer.submit(Command(clearing, kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT)
