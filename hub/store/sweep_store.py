"""Which households sweeps expect, and what was answered at doors, as the database keeps it: outside of the journal, sealed."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any, Final
from zlib import crc32

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.grids.answer_marks import MARKING
from hub.grids.answer_sealing import AnswerKey, AnswersKey
from hub.grids.sweep_form import Known
from hub.grids.sweep_kept import NewKnown, RowFilter, Said, SweepRow, Wanted
from hub.grids.touched import Touched
from hub.grids.visit_shapes import MAX_OTHERS, VisitLast, VisitOther
from hub.store import tables
from hub.store.bulk import Change, insert_sql, run_changes
from hub.store.camera_rows import in_codes, in_listed, listed
from hub.store.database import Database
from hub.store.errand_reading import words_of
from hub.store.sight import among

#: Villages that are numbered in one transaction: commands of others are written between.
VILLAGES_AT_ONCE: Final = 6
#: Visits of as many households outside of sweeps are decided at the same time.
_TURNS: Final = 256

_NUMBER: Final = (
    "INSERT INTO sweep_rows (sweep, number, household, grid, persons)"
    " SELECT :sweep, :before + row_number() OVER (ORDER BY grid, walk, row), id, grid, persons FROM households"
    " WHERE state = 'here' AND grid >= :low AND grid < :high"
)
_WORDS: Final = insert_sql(tables.visit_words) + " ON CONFLICT (seq) DO NOTHING"
_ERRAND: Final = insert_sql(tables.errand_words) + " ON CONFLICT (errand) DO NOTHING"
_KNOW: Final = (
    insert_sql(tables.household_known)
    + " ON CONFLICT (household) DO UPDATE SET seq = excluded.seq, confirmed_at = excluded.confirmed_at,"
    " sealed = excluded.sealed, marked = excluded.marked"
)
_UNMARK: Final = "DELETE FROM answer_marks WHERE household = :household"
_MARK: Final = insert_sql(tables.answer_marks)
_IS_MARKED: Final = "UPDATE household_known SET marked = :marked WHERE household = :household AND seq = :seq"
#: Households that are marked in one transaction where they were not.
_MARKED_AT_ONCE: Final = 500

_rows = tables.sweep_rows.c
_known = tables.household_known.c


def _conditions(wanted: Wanted) -> tuple[str, dict[str, str]]:
    """As more of a WHERE, and what is bound in it. Words of `residence` are columns."""
    found, values = "", dict[str, str]()
    if wanted.residence:
        found += " AND (" + " OR ".join(f"{name} > 0" for name in sorted(wanted.residence)) + ")"
    for column, those in (("kind", wanted.kinds), ("grid", wanted.grids), ("id", wanted.households)):
        if those:
            bound = {f"{column}{place}": value for place, value in enumerate(those)}
            found += f" AND {column} IN ({', '.join(':' + name for name in bound)})"
            values |= bound
    return found, values


class SweepStore:
    """Rows, keys and answers of sweeps."""

    def __init__(self, database: Database, key: AnswersKey, touched: Touched | None = None) -> None:
        self._database = database
        self._key = key
        #: Is told where something changed once it can be read.
        self._touched = touched or Touched()
        self._keys: dict[str, AnswerKey] = {}
        self._turns = [asyncio.Lock() for _ in range(_TURNS)]

    # -- whom a sweep expects

    async def number(
        self, sweep: str, villages: Sequence[str], wanted: Wanted
    ) -> dict[str, dict[str, list[int]]]:
        """Fix the households of a sweep: village -> grid -> how many households and persons. Nothing where there are none."""
        more, bound = _conditions(wanted)
        statement = sa.text(_NUMBER + more)
        found: dict[str, dict[str, list[int]]] = {}
        before, ordered = 0, sorted(villages)
        for first in range(0, len(ordered), VILLAGES_AT_ONCE):
            piece = ordered[first : first + VILLAGES_AT_ONCE]

            def work(connection: sa.Connection, piece: Sequence[str] = piece, start: int = before) -> Any:
                at = start
                for village in piece:
                    values = {"sweep": sweep, "before": at, "low": village, "high": f"{village}:"}
                    at += connection.execute(statement, {**values, **bound}).rowcount
                query = (
                    sa.select(
                        _rows.grid, sa.func.count().label("rows"), sa.func.sum(_rows.persons).label("persons")
                    )
                    .where(_rows.sweep == sweep, _rows.number > start)
                    .group_by(_rows.grid)
                )
                return at, connection.execute(query).all()

            before, counts = await self._database.write(work)
            for row in counts:
                found.setdefault(row.grid[:12], {})[row.grid] = [row.rows, int(row.persons)]
        return found

    async def forget(self, sweep: str) -> None:
        """Nothing of this sweep is kept: it was not opened after all."""

        def work(connection: sa.Connection) -> None:
            connection.execute(tables.sweep_rows.delete().where(_rows.sweep == sweep))
            connection.execute(tables.answer_keys.delete().where(tables.answer_keys.c.about == sweep))

        await self._database.write(work)

    async def unknown(self) -> list[str]:
        """Sweeps that have a key and of which no entry tells: a hub died while they were opened."""
        keys = tables.answer_keys.c
        query = sa.select(keys.about).where(
            keys.about.like("sw!_%", escape="!"), keys.about.not_in(sa.select(tables.sweeps.c.id))
        )
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def rows(self, wanted: RowFilter, limit: int) -> list[SweepRow]:
        """The first so many rows of a sweep that are wanted, by number."""

        def work(connection: sa.Connection) -> list[SweepRow]:
            query = _row_query().where(_rows.sweep == wanted.sweep)
            if wanted.ranges is not None:
                query = query.where(
                    sa.or_(sa.false(), *(_rows.number.between(*each) for each in wanted.ranges))
                )
            if wanted.grids is not None:
                query = query.where(among(_rows.grid, sorted(wanted.grids), connection.dialect.name))
            if wanted.outcome is not None:
                query = query.where(_came(wanted.outcome))
            return [_row(each) for each in connection.execute(query.order_by(_rows.number).limit(limit))]

        return await self._database.read(work)

    async def named(self, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], SweepRow]:
        """Rows by sweep and number; those that are not there are left out."""
        by_sweep: defaultdict[str, list[int]] = defaultdict(list)
        for sweep, number in places:
            by_sweep[sweep].append(number)

        def work(connection: sa.Connection) -> dict[tuple[str, int], SweepRow]:
            query, found = _named(connection.dialect.name), {}
            for sweep, numbers in by_sweep.items():
                rows = connection.execute(query, {"sweep": sweep, "numbers": json.dumps(numbers)})
                found.update({(sweep, each.number): _row(each) for each in rows})
            return found

        return await self._database.read(work)

    async def grids_of_households(self, households: Collection[str]) -> dict[str, str]:
        """Household -> the grid in which it is registered; without those that are nowhere."""
        if not households:
            return {}
        table = tables.households.c
        query = sa.select(table.id, table.grid).where(
            table.id.in_(sorted(set(households))), table.state == "here"
        )
        return {
            row.id: row.grid
            for row in await self._database.read(lambda connection: connection.execute(query).all())
        }

    # -- what was said last at doors

    @asynccontextmanager
    async def turn(self, household: str) -> AsyncIterator[None]:
        """What is said of a household outside of sweeps is read, decided and written one after the other."""
        async with self._turns[crc32(household.encode()) % _TURNS]:
            yield

    async def at_doors(self, households: Collection[str]) -> dict[str, VisitLast]:
        """Household -> what holds of it outside of sweeps, and what waits to be settled; without those never visited so."""
        return await self._database.read(lambda connection: doors_of(connection, households))

    async def months(self) -> list[str]:
        """Months of which there is a key."""
        keys = tables.answer_keys.c
        query = sa.select(keys.about).where(keys.about.not_like("sw!_%", escape="!"))
        return list(await self._database.read(lambda connection: connection.execute(query).scalars().all()))

    async def of_grids(self, sweeps: Collection[str], grids: Collection[str]) -> list[SweepRow]:
        """All rows of these sweeps in these grids, by sweep and number."""
        return await self._database.read(lambda connection: rows_of_grids(connection, sweeps, grids))

    # -- what was answered

    async def key(self, about: str, now: datetime) -> AnswerKey:
        """The key of a sweep's answers, or of a month's; made where there is none yet. Raises Refusal `unavailable`."""
        if (known := self._keys.get(about)) is not None:
            return known
        keys = tables.answer_keys

        def work(connection: sa.Connection) -> str:
            query = sa.select(keys.c.sealed).where(keys.c.about == about)
            found = connection.execute(query).scalar()
            if found is None:
                found = self._key.fresh(about)
                connection.execute(keys.insert(), {"about": about, "sealed": found, "at": to_wire(now)})
            return str(found)

        self._keys[about] = self._key.open(about, await self._database.write(work))
        return self._keys[about]

    def forget_key(self, about: str) -> None:
        """The key of these answers is gone from the database, and is to be gone from memory."""
        self._keys.pop(about, None)

    async def put(self, said: Sequence[Said], known: Mapping[str, Sequence[NewKnown]]) -> None:
        """What was answered at visits; and of each household, in order, what is known from then on. Again is the same."""
        rows = [
            {name: getattr(each, name) for name in ("seq", "about", "household", "sealed")} for each in said
        ]

        def work(connection: sa.Connection) -> set[str]:
            changes: list[Change] = [(_WORDS, row) for row in rows]
            changes += self._learnt(connection, known)
            run_changes(connection, changes)
            return _grids_of(connection, {*known, *(each.household for each in said)})

        self._touched.at(await self._database.write(work))

    def _learnt(self, connection: sa.Connection, known: Mapping[str, Sequence[NewKnown]]) -> Iterator[Change]:
        query = _known_of(connection.dialect.name)
        before = {row.household: row for row in connection.execute(query, {"households": listed(known)})}
        for household, news in known.items():
            was = before.get(household)
            fields = {} if was is None else self._key.open_known(household, was.sealed)
            seq, confirmed = (0, None) if was is None else (was.seq, was.confirmed_at)
            marks = self._key.marks_of(household, fields)
            for each in news:
                if each.seq <= seq:
                    continue
                seq = each.seq
                fields.update({key: [value, to_wire(each.at)] for key, value in each.answers.items()})
                if each.unchanged and (confirmed is None or confirmed < to_wire(each.at)):
                    confirmed = to_wire(each.at)
            if was is None or seq > was.seq:
                sealed = self._key.seal_known(household, fields)
                row = {"household": household, "seq": seq, "confirmed_at": confirmed, "sealed": sealed}
                yield _KNOW, {**row, "marked": MARKING}
                before_that = marks if was is not None and was.marked == MARKING else None
                yield from _marked(household, before_that, self._key.marks_of(household, fields))

    async def mark_known(self) -> int:
        """Mark some of the households that are not marked as one marks now; how many these were."""

        def work(connection: sa.Connection) -> int:
            query = sa.select(tables.household_known).where(_known.marked < MARKING).limit(_MARKED_AT_ONCE)
            found = connection.execute(query).all()
            changes: list[Change] = []
            for row in found:
                fields = self._key.open_known(row.household, row.sealed)
                changes += _marked(row.household, None, self._key.marks_of(row.household, fields))
                told = {"household": row.household, "seq": row.seq, "marked": MARKING}
                changes.append((_IS_MARKED, told))
            run_changes(connection, changes)
            return len(found)

        return await self._database.write(work)

    def known_of(self, connection: sa.Connection, households: Collection[str]) -> dict[str, dict[str, Known]]:
        """Household -> field -> what was answered last, and when it was last known to hold."""
        found = {}
        for row in connection.execute(_known_of(connection.dialect.name), {"households": listed(households)}):
            confirmed = None if row.confirmed_at is None else from_wire(row.confirmed_at)
            fields = self._key.open_known(row.household, row.sealed)
            found[row.household] = {
                key: Known(value, max(from_wire(at), confirmed or from_wire(at)))
                for key, (value, at) in fields.items()
            }
        return found

    async def put_errand(self, errand: str, about: str, household: str, sealed: str) -> None:
        """What was asked for, sealed. Again is the same."""
        row = {"errand": errand, "about": about, "household": household, "sealed": sealed}

        def work(connection: sa.Connection) -> set[str]:
            run_changes(connection, [(_ERRAND, row)])
            return _grids_of(connection, (household,))

        self._touched.at(await self._database.write(work))

    async def errand_words(self, errands: Collection[str]) -> dict[str, tuple[str, str, str]]:
        """Errand -> by which key it is sealed, whose household, sealed; without those of which nothing is kept."""
        return await self._database.read(lambda connection: words_of(connection, errands))

    async def said(self, seqs: Collection[int]) -> dict[int, Said]:
        """What was answered at visits, by entry; without those of which nothing is kept."""
        return await self._database.read(lambda connection: said_at(connection, seqs))


def _marked(household: str, before: set[str] | None, marks: set[str]) -> Iterator[Change]:
    """A household is found by these marks, and no others; `before`: those of now, where that is known."""
    if marks != before:
        yield _UNMARK, {"household": household}
        for each in sorted(marks):
            yield _MARK, {"mark": each, "household": household}


def said_at(connection: sa.Connection, seqs: Collection[int]) -> dict[int, Said]:
    """What was answered at visits, by entry; without those of which nothing is kept."""
    bound = {"seqs": json.dumps(sorted(seqs))}
    found = connection.execute(_said_at(connection.dialect.name), bound) if seqs else ()
    return {row.seq: Said(row.seq, row.about, row.household, row.sealed) for row in found}


@cache
def _said_at(dialect: str) -> sa.Select[Any]:
    words = tables.visit_words
    return sa.select(words).where(in_listed(words.c.seq, sa.bindparam("seqs", type_=sa.Text), dialect))


def doors_of(connection: sa.Connection, households: Collection[str]) -> dict[str, VisitLast]:
    """Household -> what holds of it outside of sweeps, and what waits to be settled; without those never visited so."""
    if not households:
        return {}
    bound = {"households": listed(households)}
    last = connection.execute(_doors_of(connection.dialect.name), bound).all()
    contended = [row.household for row in last if row.conflicts]
    others = _others_at(connection, contended) if contended else {}
    return {
        row.household: VisitLast(
            seq=row.seq,
            outcome=row.outcome,
            seen=row.seen,
            account=row.account,
            holds=row.holds,
            at=row.written_at,
            others=others.get(row.household, [])[-MAX_OTHERS:],
        )
        for row in last
    }


def _others_at(connection: sa.Connection, households: Collection[str]) -> dict[str, list[VisitOther]]:
    doors, visits = tables.household_visits, tables.visits
    joined = sa.and_(
        visits.c.household == doors.c.household,
        visits.c.conflict.is_(True),
        visits.c.seq > doors.c.settled,
    )
    query = (
        sa.select(*(visits.c[name] for name in ("household", "seq", "outcome", "seen", "account")))
        .select_from(doors.join(visits, joined))
        .where(in_codes(doors.c.household, households, connection.dialect.name))
        .order_by(visits.c.seq)
    )
    others: defaultdict[str, list[VisitOther]] = defaultdict(list)
    for row in connection.execute(query):
        others[row.household].append(
            VisitOther(seq=row.seq, outcome=row.outcome, seen=row.seen, account=row.account)
        )
    return others


def rows_of_grids(
    connection: sa.Connection, sweeps: Collection[str], grids: Collection[str]
) -> list[SweepRow]:
    """All rows of these sweeps in these grids, by sweep and number."""
    if not sweeps or not grids:
        return []
    bound = {"sweeps": listed(sweeps), "grids": listed(grids)}
    # Sorted here: asked for in this order, SQLite walks the whole sweep by number.
    return sorted(_row(each) for each in connection.execute(_of_grids(connection.dialect.name), bound))


@cache
def _of_grids(dialect: str) -> sa.Select[Any]:
    own = in_listed(_rows.grid, sa.bindparam("grids", type_=sa.Text), dialect)
    return _row_query().where(own, in_listed(_rows.sweep, sa.bindparam("sweeps", type_=sa.Text), dialect))


@cache
def _named(dialect: str) -> sa.Select[Any]:
    numbers = sa.bindparam("numbers", type_=sa.Text)
    these = in_listed(_rows.number, numbers, dialect)
    return _row_query().where(_rows.sweep == sa.bindparam("sweep", type_=sa.Text), these)


def _grids_of(connection: sa.Connection, households: Collection[str]) -> set[str]:
    bound = {"households": listed(households)}
    return {row.grid for row in connection.execute(_homes(connection.dialect.name), bound)}


@cache
def _homes(dialect: str) -> sa.Select[Any]:
    homes = tables.households.c
    return sa.select(homes.grid).where(
        in_listed(homes.id, sa.bindparam("households", type_=sa.Text), dialect)
    )


@cache
def _doors_of(dialect: str) -> sa.Select[Any]:
    doors = tables.household_visits
    own = in_listed(doors.c.household, sa.bindparam("households", type_=sa.Text), dialect)
    return sa.select(doors).where(own)


@cache
def _known_of(dialect: str) -> sa.Select[Any]:
    own = in_listed(_known.household, sa.bindparam("households", type_=sa.Text), dialect)
    return sa.select(tables.household_known).where(own)


def _row_query() -> sa.Select[Any]:
    """Columns in the order of `SweepRow`."""
    stands = tables.sweep_standings.c
    joined = tables.sweep_rows.outerjoin(
        tables.sweep_standings, sa.and_(stands.sweep == _rows.sweep, stands.number == _rows.number)
    )
    names = ("outcome", "seen", "tries", "handed", "conflicts", "seq", "at", "account")
    return sa.select(tables.sweep_rows, *(stands[name] for name in names)).select_from(joined)


def _came(outcome: str) -> sa.ColumnElement[bool]:
    stands = tables.sweep_standings.c
    if outcome == "left":
        return stands.outcome.is_(None)
    if outcome == "open":
        return sa.or_(stands.outcome.is_(None), stands.outcome.in_(("absent", "refused")))
    if outcome == "handed":
        return stands.handed.is_(True)
    if outcome == "conflict":
        return stands.conflicts > 0
    if outcome == "met":
        return stands.outcome.in_(("met", "unchanged"))
    return sa.ColumnElement.__eq__(stands.outcome, outcome)


def _row(row: Any) -> SweepRow:
    sweep, number, household, grid, persons, outcome, seen, tries, handed, conflicts, seq, at, account = row
    if seq is None:
        return SweepRow(sweep, number, household, grid, persons, None, 0, 0, False, 0, 0, None, None)
    counts = (seen, tries, bool(handed), conflicts, seq)
    return SweepRow(sweep, number, household, grid, persons, outcome, *counts, at, account)
