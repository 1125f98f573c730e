"""Lists for the registry that come in as a whole, and go as a whole: written a piece at a time, there for all at one moment.

What comes is `coming` until the transaction of the entry that tells of it (`registry_rows.registry_effects`); what is taken
back is `undone` in that of its entry, and swept away afterwards, a piece at a time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import Clock, to_wire
from hub.grids.batches import Batch
from hub.grids.registry_sealing import RegistryKey
from hub.store import tables
from hub.store.camera_rows import in_codes
from hub.store.database import Database
from hub.store.registry_rows import drop_said, label_of, next_row, write_rows

#: Rows that are swept away in one transaction: others wait for the writer meanwhile.
PIECE: Final = 500
_batches = tables.registry_batches.c
_households, _marks = tables.households.c, tables.registry_marks.c
_PLACES: Final = (tables.registry_buildings, tables.registry_houses, tables.registry_units)
Json = dict[str, Any]


class RegistryBatches:
    """The table `registry_batches`, and the rows of its lists."""

    def __init__(self, database: Database, key: RegistryKey, clock: Clock) -> None:
        self._database = database
        self._key = key
        self._clock = clock

    async def begin(self, batch: str, center: str, account: str, name: str) -> None:
        """A list is about to come."""
        row = {"id": batch, "center": center, "account": account, "name": name, "at": to_wire(self._clock())}
        more = {"state": "loading", "counts": "{}"}
        await self._database.write(
            lambda connection: connection.execute(tables.registry_batches.insert(), {**row, **more})
        )

    async def known(self, marks: Collection[str]) -> set[str]:
        """Which of these marks of numbers somebody has who lives in a household that is there."""

        def work(connection: sa.Connection) -> set[str]:
            query = (
                sa.select(_marks.mark)
                .join(tables.households, _households.row == _marks.household)
                .where(in_codes(_marks.mark, marks, connection.dialect.name), _households.state == "here")
            )
            return set(connection.execute(query).scalars())

        return await self._database.read(work) if marks else set()

    async def places(
        self, grids: Collection[str]
    ) -> tuple[list[tuple[str, str, str, int]], list[tuple[str, str, str, int]]]:
        """Buildings (grid, name, id, place) of these grids, and the houses in them (building, label, id, place)."""
        buildings, houses = tables.registry_buildings.c, tables.registry_houses.c

        def work(
            connection: sa.Connection,
        ) -> tuple[list[tuple[str, str, str, int]], list[tuple[str, str, str, int]]]:
            inside = in_codes(buildings.grid, grids, connection.dialect.name)
            there = sa.select(buildings.grid, buildings.name, buildings.id, buildings.walk).where(
                inside, buildings.state == "here"
            )
            within = sa.select(tables.registry_houses).where(
                houses.building.in_(sa.select(buildings.id).where(inside)), houses.state == "here"
            )
            return (
                [(row.grid, row.name, row.id, row.walk) for row in connection.execute(there)],
                [
                    (row.building, label_of(self._key, row), row.id, row.walk)
                    for row in connection.execute(within)
                ],
            )

        return await self._database.read(work)

    async def building_names(self, villages: Collection[str]) -> list[tuple[str, str]]:
        """(grid, name) of the buildings of these villages."""
        buildings = tables.registry_buildings.c

        def work(connection: sa.Connection) -> list[tuple[str, str]]:
            village = sa.func.substr(buildings.grid, 1, 12)
            query = sa.select(buildings.grid, buildings.name).where(
                in_codes(village, villages, connection.dialect.name), buildings.state == "here"
            )
            return [(row.grid, row.name) for row in connection.execute(query)]

        return await self._database.read(work)

    async def add(self, batch: str, brought: Sequence[Json]) -> None:
        """Some of it, as `hub.grids.importing.finished` gives it."""

        def work(connection: sa.Connection) -> None:
            first = next_row(connection)
            new: dict[sa.Table, list[Json]] = {
                tables.registry_buildings: [],
                tables.registry_houses: [],
                tables.households: [],
                tables.registry_marks: [],
            }
            common = {"state": "coming", "seq": 0, "batch": batch}
            for each in brought:
                if (building := each["building"]) is not None:
                    facts = {"grid": building["grid"], "name": building["name"], "walk": building["walk"]}
                    new[tables.registry_buildings].append(
                        {"id": building["building"], **facts, "place": "", "kind": "block", **common}
                    )
                if (house := each["house"]) is not None:
                    facts = {name: house[name] for name in ("building", "label", "sealed", "use", "walk")}
                    new[tables.registry_houses].append({"id": house["house"], **facts, **common})
                if (household := each["household"]) is not None:
                    number = first + len(new[tables.households])
                    facts = {name: household[name] for name in ("grid", "building", "house", "walk", "kind")}
                    new[tables.households].append(
                        {
                            "row": number,
                            "id": household["household"],
                            **facts,
                            **household["counts"],
                            **common,
                            "gone_at": None,
                            "sealed": household["sealed"],
                        }
                    )
                    new[tables.registry_marks] += [
                        {"mark": mark, "household": number} for mark in household["marks"]
                    ]
            write_rows(connection, new)

        await self._database.write(work)

    async def count(self, batch: str, counts: Json) -> None:
        """What came of it in the end."""
        statement = (
            tables.registry_batches.update().where(_batches.id == batch).values(counts=json.dumps(counts))
        )
        await self._database.write(lambda connection: connection.execute(statement))

    async def get(self, batch: str) -> Batch | None:
        """One of them."""
        query = sa.select(tables.registry_batches).where(_batches.id == batch)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _batch(row)

    async def recent(self, since: datetime, limit: int = 20) -> list[Batch]:
        """Those that are there and came since then, the newest first."""
        query = (
            sa.select(tables.registry_batches)
            .where(_batches.state == "live", _batches.at >= to_wire(since))
            .order_by(_batches.at.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_batch(row) for row in rows]

    async def left(self, batch: str) -> int:
        """How many of its households are there still."""
        query = sa.select(sa.func.count()).where(_households.batch == batch, _households.state == "here")
        return int(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    async def sweep(self, coming: Collection[str], *, pause_s: float = 0.02) -> int:
        """Take away the rows of lists that were taken back, and of those that never came whole, but for those that are
        `coming` now. How many."""
        query = sa.select(_batches.id).where(_batches.state != "live", _batches.id.not_in(sorted(coming)))
        gone = 0
        for batch in await self._database.read(lambda connection: connection.execute(query).scalars().all()):
            while taken := await self._database.write(partial(_take, batch)):
                gone += taken
                await asyncio.sleep(pause_s)
            await self._database.write(partial(_forget, batch))
        return gone


def _batch(row: Any) -> Batch:
    return Batch(row.id, row.center, row.account, row.name, row.at, row.state, json.loads(row.counts))


def _take(batch: str, connection: sa.Connection) -> int:
    query = (
        sa.select(_households.row, _households.id)
        .where(_households.batch == batch, _households.state.in_(("coming", "undone")))
        .limit(PIECE)
    )
    rows = connection.execute(query).all()
    if rows:
        numbers, ids = [row.row for row in rows], [row.id for row in rows]
        connection.execute(tables.registry_marks.delete().where(_marks.household.in_(numbers)))
        versions = tables.registry_versions
        connection.execute(versions.delete().where(versions.c.household.in_(ids)))
        connection.execute(tables.households.delete().where(_households.row.in_(numbers)))
        drop_said(connection, ids)
    return len(rows)


def _forget(batch: str, connection: sa.Connection) -> None:
    for table in _PLACES:
        away = sa.and_(table.c.batch == batch, table.c.state.in_(("coming", "undone")))
        connection.execute(table.delete().where(away))
    connection.execute(tables.registry_batches.delete().where(_batches.id == batch))
