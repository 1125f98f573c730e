"""What is being written of minutes, and what a draft of them is made from: read in one consistent state."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.clock import Clock, system_clock, to_wire
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import Entry
from hub.store import meeting_reading, tables
from hub.store.database import Database
from hub.store.incident_reading import read_incidents
from hub.store.minutes_rows import minutes_page, read_minutes, read_versions
from hub.store.sight import Sight

Json = dict[str, Any]
_work = tables.minutes_work.c


@dataclass(frozen=True, slots=True)
class Told:
    """What a meeting tells: all its entries, those that the account may read, and its documents."""

    whole: list[Entry]
    seen: list[Entry]
    documents: Json
    recordings: list[Json]
    incidents: list[Json]


class MinutesStore:
    """Minutes as they stand, and as they are being written."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def _sight(self, account: Account, tree: CenterTree) -> Sight:
        return Sight(account, tree, self._database.engine.dialect.name)

    async def page(
        self,
        account: Account,
        tree: CenterTree,
        states: Collection[str] = (),
        before: int = 2**62,
        limit: int = 100,
    ) -> Json:
        """``{"minutes": [Minutes…], "next": seq | null}``, what changed last first; `next` is the `before` of the next page."""
        sight = self._sight(account, tree)
        wanted = sorted(states)
        return await self._database.read(
            lambda connection: minutes_page(connection, sight, wanted, before, limit)
        )

    async def standing(self, account: Account, tree: CenterTree, meeting: str) -> Json | None:
        """How the minutes of a meeting stand, if this account may know; None where none were submitted."""
        sight, this = self._sight(account, tree), tables.minutes.c.id == meeting
        found = await self._database.read(lambda connection: read_minutes(connection, sight, this))
        return found[0] if found else None

    async def versions(self, meeting: str) -> list[Json]:
        """The approved versions, the first one first. Who may read them is for the caller to check."""
        return await self._database.read(lambda connection: read_versions(connection, meeting))

    async def work(self, meeting: str) -> Json | None:
        """``{"rev", "text", "by", "at"}`` of what is being written; None before anything was saved."""
        query = sa.select(tables.minutes_work).where(_work.id == meeting)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        if row is None:
            return None
        return {"rev": row.rev, "text": json.loads(row.text), "by": json.loads(row.by), "at": row.at}

    async def save(self, meeting: str, rev: int, text: str, by: Json, at: datetime) -> int | None:
        """Keep this text in place of that of `rev` (0 for none). Returns its own rev; None where another was saved since."""
        values = {"rev": rev + 1, "text": text, "by": json.dumps(by, ensure_ascii=False), "at": to_wire(at)}

        def work(connection: sa.Connection) -> int | None:
            table = tables.minutes_work
            here = connection.execute(sa.select(_work.rev).where(_work.id == meeting)).scalar()
            if (here or 0) != rev:
                return None
            if here is None:
                connection.execute(table.insert(), {"id": meeting, **values})
            else:
                connection.execute(table.update().where(_work.id == meeting).values(**values))
            return rev + 1

        return await self._database.write(work)

    async def told(self, account: Account, tree: CenterTree, meeting: str, kinds: Collection[str]) -> Told:
        """What a draft of these minutes is made from, as the account may read it; of its entries those of these kinds.

        Who may write them is for the caller to check.
        """
        sight = self._sight(account, tree)

        def work(connection: sa.Connection) -> Told:
            whole = meeting_reading.whole_meeting(connection, meeting)
            seen = [
                entry
                for entry in whole
                if entry.kind in kinds and sight.reads(entry.kind, entry.audience, True)
            ]
            taken_in = tables.incidents.c.meeting == meeting
            return Told(
                whole,
                seen,
                meeting_reading.documents(connection, sight, meeting),
                meeting_reading.recordings(connection, meeting, self._clock()),
                read_incidents(connection, sight, taken_in)[::-1],
            )

        return await self._database.read(work)
