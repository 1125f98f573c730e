"""Lists for the registry, from the moment a file is brought until all of it is there, at once; and taking such a list back.

The child reads, finds grids and seals; here its numbers are held against those that are registered already, and its rows are
written a piece at a time. They are there for everybody in the transaction that writes the entry which tells of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.batches import Batch
from hub.grids.catalog import grids_in
from hub.grids.registry_notes import MAX_GRIDS
from hub.grids.registry_sealing import together
from hub.ids import new_id
from hub.rules import parse_data
from hub.sheets.hits_reading import HitsReader
from signaling.file_drafts import Draft, FileDrafts
from signaling.schemas.registry_asked import RegistryListAsked, RegistryLoadAsked
from signaling.services import Json, Services

#: How many files wait at the same time.
MOST: Final = 4
#: How long an import can be taken back.
UNDO: Final = timedelta(days=1)
_OFTEN: Final = {"grid", "building", "house", "out"}

log = logging.getLogger(__name__)


class RegistryDrafts(FileDrafts):
    """The files that wait, and what was made of them lately."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, HitsReader("hub.grids.import_child"), MOST)
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

    async def match(self, account: Account, draft: Draft, asked: RegistryListAsked) -> Json:
        """What would come of it; nothing is written. Raises Refusal."""
        self.require_waiting(draft)
        question = await self._question(account, draft, asked)
        told, known = await self._matched(draft, question)
        return {**told, "known": len(known), "known_first": known[:5]}

    def load(self, account: Account, draft: Draft, asked: RegistryLoadAsked) -> None:
        """Begin to load it. Raises Refusal."""
        self.require_waiting(draft)
        self._require_columns(draft, asked)
        self.begin(draft, lambda: self._load(account, draft, asked), "registry")

    async def recent(self, account: Account) -> list[Batch]:
        """What this account may take back."""
        tree, since = self._services.tree, self._services.clock() - UNDO
        there = await self._services.registry.batches.recent(since)
        return [each for each in there if may(account, "registry.bring", tree, each.center)]

    async def undo(self, account: Account, batch: str) -> int:
        """Take an import back: all that it brought, as far as it is there still. How many households. Raises Refusal."""
        batches, tree = self._services.registry.batches, self._services.tree
        found = await batches.get(batch)
        if found is None or found.state != "live" or not may(account, "registry.bring", tree, found.center):
            raise Refusal("not_found", "there is no such import")
        if from_wire(found.at) < self._services.clock() - UNDO:
            raise Refusal("wrong_state", "an import can be taken back within a day")
        count = await batches.left(batch)
        data = {"batch": batch, "center": found.center, "grids": found.counts["grids"], "households": count}
        await self._tell("registry.note_undone", f"undo-{batch}", {**data, **_by(account)})
        self._sweep()
        return count

    def _sweep(self) -> None:
        before = self._sweeping

        async def sweep() -> int:
            if before is not None:
                await asyncio.gather(before, return_exceptions=True)
            try:
                return await self._services.registry.batches.sweep(self._coming)
            except Refusal as refusal:
                log.warning("a list that was taken back is swept away at the next start: %s", refusal.message)
                return 0

        self._sweeping = asyncio.create_task(sweep(), name="sweep of the registry")

    async def _matched(self, draft: Draft, question: Json) -> tuple[Json, list[int]]:
        """What the child says would come of it, and the rows of those who are registered already."""
        told: Json = {}
        known: list[int] = []
        async with aclosing(self.reader.lines(draft.content, {"do": "match", **question})) as lines:
            async for line in lines:
                if "piece" not in line:
                    told = line
                    continue
                there = await self._services.registry.batches.known([mark for _, mark in line["piece"]])
                known += [row for row, mark in line["piece"] if mark in there]
        return told, known

    def _require_columns(self, draft: Draft, asked: RegistryListAsked) -> None:
        """Raises Refusal `invalid`."""
        roles = list(asked.columns)
        if len(roles) != len(draft.looked["columns"]):
            raise Refusal("invalid", "say what each column is", "columns")
        if {role for role in roles if roles.count(role) > 1} - _OFTEN or "building" not in roles:
            raise Refusal("invalid", "one column is the building; none but places stands twice", "columns")
        if "grid" not in roles and asked.grid is None:
            raise Refusal("invalid", "say whose the households are", "grid")

    async def _question(self, account: Account, draft: Draft, asked: RegistryListAsked) -> Json:
        """Raises Refusal `invalid`, `not_found`."""
        self._require_columns(draft, asked)
        services = self._services
        tree, grids = services.tree, grids_in(services.writer.state)
        villages = [
            center.code
            for center in tree.subtree(account.center)
            if center.code in grids.of_village and may(account, "registry.bring", tree, center.code)
        ]
        own = {code: grids.by_code[code] for village in villages for code in grids.of_village[village]}
        named = [*([asked.grid] if asked.grid else []), *(each.grid for each in asked.mends if each.grid)]
        if wrong := sorted(set(named) - own.keys()):
            raise Refusal("not_found", f"there is no grid {wrong[0]}", "mends")
        known = [*tree.path(account.center)[:-1], *tree.subtree(account.center)]
        return {
            "roles": list(asked.columns),
            "grids": [[code, grid.name, grid.village] for code, grid in own.items()],
            "centers": [[center.code, center.name, center.parent] for center in known],
            "buildings": await services.registry.batches.building_names(villages),
            "mends": {each.text: each.grid or "" for each in asked.mends},
            "grid": asked.grid,
            "today": services.clock().date().isoformat(),
            "key": services.registry.key.raw.hex(),
        }

    async def _load(self, account: Account, draft: Draft, asked: RegistryLoadAsked) -> None:
        batch = new_id("rb", self._services.clock())
        self._coming.add(batch)
        try:
            await self._load_as(batch, account, draft, asked)
        except Refusal as refusal:
            draft.state, draft.why = "failed", refusal.field or refusal.code
        except Exception:
            log.exception("a list for the registry could not be loaded")
            draft.state, draft.why = "failed", "unavailable"
        else:
            draft.state, draft.made, draft.content = "loaded", batch, b""
            return
        finally:
            self._coming.discard(batch)
        self._sweep()

    async def _load_as(self, batch: str, account: Account, draft: Draft, asked: RegistryLoadAsked) -> None:
        batches, now = self._services.registry.batches, self._services.clock()
        question = await self._question(account, draft, asked)
        told, _ = await self._matched(draft, question)
        if told["unsure_rows"] and not asked.leave_out:
            raise Refusal("unprocessable", "some rows have no sure grid", "unsure")
        if not told["counts"]:
            raise Refusal("unprocessable", "no row can be used", "empty")
        if len(told["counts"]) > MAX_GRIDS:
            raise Refusal("unprocessable", "the list is of too many grids", "grids")
        draft.of = told["households"]
        await batches.begin(batch, account.center, account.id, account.name)
        buildings, houses = await batches.places(told["counts"])
        more = {"do": "load", "at": to_wire(now), "known_buildings": buildings, "known_houses": houses}
        commitments: list[str] = []
        grids: set[str] = set()
        counts = {"households": 0, "persons": 0, "buildings": 0}
        known = 0
        async with aclosing(self.reader.lines(draft.content, {**question, **more})) as lines:
            async for line in lines:
                if "piece" not in line:
                    continue
                known += await self._add(batch, line["piece"], counts, commitments, grids)
                draft.done += len(line["piece"])
        if not grids:
            raise Refusal("unprocessable", "all of these households are registered already", "known")
        left_out = told["left_out"] + told["unsure_rows"] + told["wrong_rows"] + known
        whole = {**counts, "left_out": left_out, "grids": sorted(grids)}
        await batches.count(batch, whole)
        data = {"batch": batch, "center": account.center, "commitment": together(commitments), **whole}
        await self._tell("registry.note_imported", batch, {**data, **_by(account)})

    async def _add(
        self, batch: str, piece: Sequence[Json], counts: Json, commitments: list[str], grids: set[str]
    ) -> int:
        """Write a piece but for households of which somebody is registered already; how many persons these have."""
        batches, left_out = self._services.registry.batches, 0
        numbers = [mark for each in piece if each["household"] for mark in each["household"]["numbers"]]
        there = await batches.known(numbers)
        for each in piece:
            household = each["household"]
            counts["buildings"] += each["building"] is not None
            if each["building"] or each["house"]:
                grids.add(each["grid"])
            if household is None:
                continue
            if there & set(household["numbers"]):
                left_out += household["counts"]["persons"]
                each["household"] = None
                continue
            grids.add(household["grid"])
            commitments.append(household["commitment"])
            counts["households"] += 1
            counts["persons"] += household["counts"]["persons"]
        await batches.add(batch, piece)
        return left_out

    async def _tell(self, kind: str, id: str, data: Any) -> None:
        await self._services.writer.submit(Command(id, kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT)


def _by(account: Account) -> Json:
    return {"account": account.id, "account_name": account.name}
