"""Where rows of lists belong, as the database keeps it: ids and codes beside the sealed rows, gone with them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.grids.list_kept import ListSearch, RowMatch
from hub.grids.list_matching import SURE, Candidate, Match
from hub.store import tables
from hub.store.bulk import Change, insert_sql, run_changes
from hub.store.camera_rows import in_codes
from hub.store.database import Database

_matches = tables.clearing_matches.c
_searches = tables.clearing_searches.c
_PUT: Final = (
    insert_sql(tables.clearing_matches)
    + " ON CONFLICT (clearing, number) DO UPDATE SET center = excluded.center, way = excluded.way, grid = excluded.grid,"
    " household = excluded.household, candidates = excluded.candidates, run = excluded.run"
    # What a person decided meanwhile stays.
    " WHERE clearing_matches.way NOT IN ('person', 'hand', 'back')"
)
_BEGIN: Final = (
    insert_sql(tables.clearing_searches)
    + " ON CONFLICT (clearing) DO UPDATE SET "
    + ", ".join(
        f"{column.name} = excluded.{column.name}"
        for column in tables.clearing_searches.columns
        if column.name != "clearing"
    )
)


class MatchStore:
    """Searches and what they found. Everything raises Refusal `unavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def url(self) -> str:
        """What the child that searches opens."""
        return self._database.engine.url.render_as_string(hide_password=False)

    # -- searches

    async def begin(self, search: ListSearch) -> None:
        """In the place of the one before; nothing where the list is gone."""
        row = {name: getattr(search, name) for name in ListSearch.__dataclass_fields__}

        def work(connection: sa.Connection) -> None:
            if _is_there(connection, search.clearing):
                run_changes(connection, [(_BEGIN, row)])

        await self._database.write(work)

    async def search(self, clearing: str) -> ListSearch | None:
        """The last one of a list; None for none."""
        query = sa.select(tables.clearing_searches).where(_searches.clearing == clearing)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _search(row)

    async def unfinished(self) -> list[ListSearch]:
        """Those that went on when the hub ended."""
        query = sa.select(tables.clearing_searches).where(_searches.state.in_(("matching", "sharing")))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_search(row) for row in rows]

    async def stands(
        self, run: str, state: str, done: int, rows: int, at: datetime | None, why: str | None
    ) -> None:
        """How a search stands now; nothing where another one began meanwhile."""
        values = {"state": state, "done": done, "rows": rows, "why": why}
        ended = {"ended_at": None if at is None else to_wire(at)}
        statement = tables.clearing_searches.update().where(_searches.run == run).values(**values, **ended)
        await self._database.write(lambda connection: connection.execute(statement))

    # -- what was found

    async def put(self, clearing: str, run: str, found: Sequence[RowMatch], done: int) -> bool:
        """Some of what a search found, and how far it has come; False where list or search are gone meanwhile."""

        def work(connection: sa.Connection) -> bool:
            going = sa.select(_searches.run).where(_searches.clearing == clearing)
            if not _is_there(connection, clearing) or connection.execute(going).scalar() != run:
                return False
            changes: list[Change] = [(_PUT, _row(clearing, run, each)) for each in found]
            run_changes(connection, changes)
            progress = tables.clearing_searches.update().where(_searches.run == run).values(done=done)
            connection.execute(progress)
            return True

        return await self._database.write(work)

    async def found_by(self, clearing: str, run: str) -> set[int]:
        """Numbers of the rows that this search, or a person, has dealt with."""
        decided = sa.or_(_matches.run == run, _matches.way.in_(("person", "hand", "back")))
        query = sa.select(_matches.number).where(_matches.clearing == clearing, decided)
        return set(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def counts(self, clearing: str, centers: Collection[str], run: str | None = None) -> dict[str, int]:
        """Way -> rows of these centers; of one search alone with `run`."""

        def work(connection: sa.Connection) -> dict[str, int]:
            query = (
                sa.select(_matches.way, sa.func.count().label("rows"))
                .where(_matches.clearing == clearing)
                .where(in_codes(_matches.center, centers, connection.dialect.name))
                .group_by(_matches.way)
            )
            if run is not None:
                query = query.where(_matches.run == run)
            return {row.way: row.rows for row in connection.execute(query)}

        return await self._database.read(work)

    async def sure(self, clearing: str, centers: Collection[str]) -> dict[str, list[tuple[int, str, str]]]:
        """Center -> (row, way, grid) of rows that were found without anybody's help: the grid of their household now."""
        households = tables.households.c
        grid = sa.func.coalesce(households.grid, _matches.grid).label("grid")

        def work(connection: sa.Connection) -> dict[str, list[tuple[int, str, str]]]:
            query = (
                sa.select(_matches.center, _matches.number, _matches.way, grid)
                .select_from(
                    tables.clearing_matches.outerjoin(
                        tables.households,
                        sa.and_(households.id == _matches.household, households.state == "here"),
                    )
                )
                .where(_matches.clearing == clearing, _matches.way.in_(SURE))
                .where(in_codes(_matches.center, centers, connection.dialect.name))
                .order_by(_matches.number)
            )
            told: dict[str, list[tuple[int, str, str]]] = {}
            for row in connection.execute(query):
                told.setdefault(row.center, []).append((row.number, row.way, row.grid))
            return told

        return await self._database.read(work)

    async def matches(self, clearing: str, numbers: Collection[int]) -> dict[int, RowMatch]:
        """Where these rows belong, by number; without those that were never looked for."""
        if not numbers:
            return {}
        query = sa.select(tables.clearing_matches).where(
            _matches.clearing == clearing, _matches.number.in_(sorted(numbers))
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.number: RowMatch(row.number, row.center, _match(row)) for row in rows}

    async def numbers(self, clearing: str, center: str, way: str, after: int, limit: int) -> list[int]:
        """Numbers of a center's rows that were found in this way, ascending."""
        query = (
            sa.select(_matches.number)
            .where(_matches.clearing == clearing, _matches.center == center, _matches.way == way)
            .where(_matches.number > after)
            .order_by(_matches.number)
            .limit(limit)
        )
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def of_households(
        self, clearings: Collection[str], households: Collection[str]
    ) -> dict[str, dict[str, list[int]]]:
        """List -> household -> its rows."""
        if not clearings or not households:
            return {}

        def work(connection: sa.Connection) -> dict[str, dict[str, list[int]]]:
            query = (
                sa.select(_matches.clearing, _matches.household, _matches.number)
                .where(in_codes(_matches.household, households, connection.dialect.name))
                .where(_matches.clearing.in_(sorted(clearings)))
            )
            told: dict[str, dict[str, list[int]]] = {}
            for row in connection.execute(query):
                told.setdefault(row.clearing, {}).setdefault(row.household, []).append(row.number)
            return told

        return await self._database.read(work)

    async def nobody(self, clearing: str, number: int) -> None:
        """None of those that may be meant, as a person says: its center checks the row."""
        is_it = sa.and_(_matches.clearing == clearing, _matches.number == number)
        values = {"way": "back", "grid": None, "household": None, "candidates": ""}
        statement = tables.clearing_matches.update().where(is_it).values(values)
        await self._database.write(lambda connection: connection.execute(statement))

    async def confirm(self, clearing: str, number: int, household: str | None, grid: str | None) -> None:
        """Who a row is about, as a person says; the entry that follows gives the row to the grid. None: nobody after all."""
        is_it = sa.and_(_matches.clearing == clearing, _matches.number == number)
        statement = tables.clearing_matches.update().where(is_it).values(household=household, grid=grid)
        await self._database.write(lambda connection: connection.execute(statement))

    async def cleared_by(self, clearing: str, center: str) -> dict[str, int]:
        """Account -> of how many rows of this center it told last what came of them."""
        results = tables.clearing_results.c
        query = (
            sa.select(results.account, sa.func.count().label("rows"))
            .where(results.clearing == clearing, results.center == center, results.outcome.is_not(None))
            .group_by(results.account)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.account: row.rows for row in rows}


def _is_there(connection: sa.Connection, clearing: str) -> bool:
    """Whether the rows of a list are there: one that was taken back meanwhile keeps nothing."""
    keys = tables.clearing_keys.c
    return connection.execute(sa.select(keys.clearing).where(keys.clearing == clearing)).first() is not None


def _search(row: Any) -> ListSearch:
    return ListSearch(**{name: getattr(row, name) for name in ListSearch.__dataclass_fields__})


def _row(clearing: str, run: str, found: RowMatch) -> dict[str, Any]:
    match = found.match
    candidates = [[each.household, each.person, each.score, list(each.why)] for each in match.candidates]
    return {
        "clearing": clearing,
        "number": found.number,
        "center": found.center,
        "way": match.way,
        "grid": match.grid,
        "household": match.household,
        "candidates": json.dumps(candidates, separators=(",", ":")) if candidates else "",
        "run": run,
    }


def _match(row: Any) -> Match:
    told = json.loads(row.candidates) if row.candidates else []
    candidates = tuple(Candidate(home, person, score, tuple(why)) for home, person, score, why in told)
    return Match(row.way, row.grid, row.household, candidates)
