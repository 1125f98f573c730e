"""Lists of cameras, from the moment a file is brought until all of its cameras are there, at once; and taking such a list back.

The child reads, matches and seals; here its cameras are held against those that are there already, and written a piece at a
time. They are there for everybody in the transaction that writes the entry which tells of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any, Final

from hub.cameras.batches import Batch, Brought
from hub.clock import from_wire, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.ids import new_id
from hub.rules import parse_data
from hub.sheets.hits_reading import HitsReader
from signaling.file_drafts import Draft, FileDrafts
from signaling.schemas.camera_asked import CameraListAsked, CameraLoadAsked
from signaling.services import Json, Services

#: How many files wait at the same time: each may have a hundred megabytes.
MOST: Final = 3
#: How long an import can be taken back.
UNDO: Final = timedelta(days=1)

log = logging.getLogger(__name__)


class CameraDrafts(FileDrafts):
    """The files that wait, and what was made of them lately."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, HitsReader("hub.cameras.import_child"), MOST)
        self._coming: set[str] = set()
        self._sweeping: asyncio.Task[int] | None = None

    async def start(self) -> None:
        """Sweep away what came of lists while a hub died, and what is left of those that were taken back."""
        self._sweep()

    async def close(self) -> None:
        """See `FileDrafts`; what is not swept away yet is so after the next start."""
        await super().close()
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)

    async def match(self, account: Account, draft: Draft, asked: CameraListAsked) -> Json:
        """What would come of it; nothing is written. Raises Refusal."""
        self.require_waiting(draft)
        question = {"do": "match", **self._question(account, draft, asked)}
        told: Json = {}
        known: list[list[Any]] = []
        async with aclosing(self.reader.lines(draft.content, question)) as lines:
            async for line in lines:
                if "piece" not in line:
                    told = line
                    continue
                piece = line["piece"]
                codes, marks = await self._known([code for _, code, _ in piece], [mark for *_, mark in piece])
                known += [[row, code] for row, code, mark in piece if code in codes or mark in marks]
        return {**told, "known": len(known), "known_first": [row for row, _ in known[:5]]}

    def load(self, account: Account, draft: Draft, asked: CameraLoadAsked) -> None:
        """Begin to load it. Raises Refusal."""
        self.require_waiting(draft)
        question = self._question(account, draft, asked)
        self.begin(draft, lambda: self._load(account, draft, asked, question), "cameras")

    async def recent(self, account: Account) -> list[Batch]:
        """What this account may take back."""
        tree, since = self._services.tree, self._services.clock() - UNDO
        there = await self._services.cameras.batches.recent(since)
        return [each for each in there if may(account, "camera.manage", tree, each.center)]

    async def undo(self, account: Account, batch: str) -> int:
        """Take an import back: all cameras that it brought, as far as they are there still. How many. Raises Refusal."""
        batches = self._services.cameras.batches
        found = await batches.get(batch)
        tree = self._services.tree
        if found is None or found.state != "live" or not may(account, "camera.manage", tree, found.center):
            raise Refusal("not_found", "there is no such import")
        if from_wire(found.at) < self._services.clock() - UNDO:
            raise Refusal("wrong_state", "an import can be taken back within a day")
        count = await batches.count(batch)
        data = {"batch": batch, "center": found.center, "cameras": count, **_by(account)}
        await self._tell("camera.note_undone", f"undo-{batch}", data)
        batches.told()
        self._sweep()
        return count

    def _sweep(self) -> None:
        before = self._sweeping

        async def sweep() -> int:
            if before is not None:
                await asyncio.gather(before, return_exceptions=True)
            try:
                return await self._services.cameras.batches.sweep(self._coming)
            except Refusal as refusal:
                log.warning(
                    "cameras that were taken back are swept away at the next start: %s", refusal.message
                )
                return 0

        self._sweeping = asyncio.create_task(sweep(), name="sweep of cameras")

    async def _known(self, codes: Sequence[str], marks: Sequence[str]) -> tuple[set[str], set[str]]:
        return await self._services.cameras.batches.known([code for code in codes if code], marks)

    def _question(self, account: Account, draft: Draft, asked: CameraListAsked) -> Json:
        """Raises Refusal `invalid`, `not_found`."""
        roles = list(asked.columns)
        if len(roles) != len(draft.looked["columns"]):
            raise Refusal("invalid", "say what each column is", "columns")
        twice = {role for role in roles if roles.count(role) > 1} - {"center", "tags", "out"}
        if twice or "name" not in roles or not {"main", "ip"} & set(roles):
            raise Refusal("invalid", "one column is the name, one the address; none stands twice", "columns")
        if "ip" in roles and "main" not in roles and "vendor" not in roles:
            raise Refusal("invalid", "addresses without streams need the vendor", "columns")
        if "center" not in roles and asked.center is None:
            raise Refusal("invalid", "say whose the cameras are", "center")
        tree = self._services.tree
        own = [
            center.code
            for center in tree.subtree(account.center)
            if may(account, "camera.manage", tree, center.code)
        ]
        named = [
            *([asked.center] if asked.center else []),
            *(each.center for each in asked.mends if each.center),
        ]
        if wrong := sorted(set(named) - set(own)):
            raise Refusal("not_found", f"there is no center {wrong[0]}", "mends")
        known = [*tree.path(account.center)[:-1], *tree.subtree(account.center)]
        return {
            "roles": roles,
            "own": own,
            "center": asked.center,
            "centers": [[center.code, center.name, center.parent] for center in known],
            "mends": {each.text: each.center or "" for each in asked.mends},
            "networks": [str(network) for network in self._services.config.camera_networks],
            "key": self._services.cameras.key_for_child(),
        }

    async def _load(self, account: Account, draft: Draft, asked: CameraLoadAsked, question: Json) -> None:
        batch = new_id("cb", self._services.clock())
        self._coming.add(batch)
        try:
            await self._load_as(batch, account, draft, asked, question)
        except Refusal as refusal:
            draft.state, draft.why = "failed", refusal.field or refusal.code
        except Exception:
            log.exception("a list of cameras could not be loaded")
            draft.state, draft.why = "failed", "unavailable"
        else:
            draft.state, draft.made, draft.content = "loaded", batch, b""
            return
        finally:
            self._coming.discard(batch)
        self._sweep()

    async def _load_as(
        self, batch: str, account: Account, draft: Draft, asked: CameraLoadAsked, question: Json
    ) -> None:
        batches, now = self._services.cameras.batches, self._services.clock()
        told: Json = {}
        digest, centers, left_out = hashlib.sha256(), set[str](), 0
        more = {"do": "load", "batch": batch, "at": to_wire(now)}
        async with aclosing(self.reader.lines(draft.content, {**question, **more})) as lines:
            async for line in lines:
                if "piece" not in line:
                    if line["unsure_rows"] and not asked.leave_out:
                        raise Refusal("unprocessable", "some rows have no sure center", "unsure")
                    if not line["cameras"]:
                        raise Refusal("unprocessable", "no row is a camera", "empty")
                    told, draft.of = line, line["cameras"]
                    await batches.begin(batch, account.center, account.id, account.name)
                    continue
                piece = line["piece"]
                codes, marks = await self._known(
                    [each["row"]["code"] for each in piece], [each["mark"] for each in piece]
                )
                new = [
                    each for each in piece if each["row"]["code"] not in codes and each["mark"] not in marks
                ]
                left_out += len(piece) - len(new)
                for each in new:
                    digest.update(bytes.fromhex(each.pop("digest")))
                    centers.add(each["row"]["center"])
                if new:
                    await batches.add([Brought(**each) for each in new])
                draft.done += len(piece)
        if draft.done == left_out:
            raise Refusal("unprocessable", "all of these cameras are there already", "known")
        data = {
            "batch": batch,
            "center": account.center,
            "cameras": draft.done - left_out,
            "centers": len(centers),
            "left_out": left_out + told["left_out"] + told["unsure_rows"] + told["wrong_rows"],
            "digest": digest.hexdigest(),
            **_by(account),
        }
        await self._tell("camera.note_imported", batch, data)
        batches.told()

    async def _tell(self, kind: str, id: str, data: Json) -> None:
        await self._services.writer.submit(Command(id, kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT)


def _by(account: Account) -> Json:
    return {"account": account.id, "account_name": account.name}
