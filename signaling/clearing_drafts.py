"""Files with lists of people, from the moment they are brought until their rows stand sealed in the hub.

What was brought stands in this process's memory and nowhere else. It is taken apart, matched and sealed by a child process.
"""

from __future__ import annotations

import logging
import os
from contextlib import aclosing
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
from signaling.file_drafts import Draft, FileDrafts
from signaling.schemas.clearing_asked import LoadAsked, MatchAsked
from signaling.services import Json, Services

#: How many files wait at the same time.
MOST: Final = 8

log = logging.getLogger(__name__)


class Drafts(FileDrafts):
    """The files that wait: one a person."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, HitsReader(), MOST)

    async def match(self, account: Account, draft: Draft, asked: MatchAsked) -> Json:
        """Whose its rows are. Raises Refusal."""
        self.require_waiting(draft)
        return await self.reader.ask(draft.content, {"do": "match", **self._question(account, draft, asked)})

    def load(self, account: Account, draft: Draft, asked: LoadAsked) -> None:
        """Begin to load it. Raises Refusal."""
        self.require_waiting(draft)
        question = self._question(account, draft, asked)
        self.begin(draft, lambda: self._load(account, draft, asked, question), "list")

    async def start(self) -> None:
        """Forget what came of lists while a hub died. A database that is away is no reason not to start."""
        try:
            for clearing in await self._services.lists.rows.unknown():
                await self._services.lists.rows.forget(clearing)
        except Refusal as refusal:
            log.warning("rows of lists that never came whole are still there: %s", refusal.message)

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
            draft.state, draft.made, draft.content = "loaded", clearing, b""
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
        async with aclosing(self.reader.lines(draft.content, {"do": "load", **question, **sealing})) as lines:
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
