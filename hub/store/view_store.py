"""Reading views: which rows there are is asked of what stands in the open, once; rows are opened a piece at a time.

A reading keeps the list of its rows (numbers of households, or entries of visits) as it was when it began. So each row comes
once, wherever its household moves meanwhile, and how far one has come is known.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic_core import from_json

from hub.clock import to_wire
from hub.grids.answer_marks import MARKING, found_by
from hub.grids.answer_sealing import AnswersKey
from hub.grids.figures import FigureAsked
from hub.grids.registry_sealing import RegistryKey
from hub.grids.view_rows import Opened
from hub.grids.views import ViewAsks, ViewFilters
from hub.statistics.period import Period
from hub.store import tables
from hub.store.camera_rows import in_codes
from hub.store.database import Database
from hub.store.grid_figures import days_of, grid_figures
from hub.store.registry_rows import label_of
from hub.store.sweep_store import SweepStore

if TYPE_CHECKING:
    Integers = array[int]
else:  # an array says nothing of what it holds before Python 3.12
    Integers = array

_COUNTS: Final = ("persons", "registered", "floating", "abroad")
_households = tables.households.c
_last = tables.last_visits.c
_visits = tables.visits.c
_rows = tables.sweep_rows.c
#: The household at which a visit was.
_AT: Final = sa.func.coalesce(_visits.household, _rows.household)
Json = dict[str, Any]


class Moments(NamedTuple):
    """The moments that a view's days are, as on the wire; None where none is asked for."""

    since: str | None
    until: str | None
    visited_since: str | None
    not_since: str | None


class ViewStore:
    """Implements `signaling.view_service.ViewService`. Everything raises Refusal `unavailable`."""

    def __init__(
        self, database: Database, key: RegistryKey, answers: AnswersKey, sweeps: SweepStore, zone: ZoneInfo
    ) -> None:
        """`zone`: in which days are meant."""
        self._database = database
        self._key = key
        self._answers = answers
        self._sweeps = sweeps
        self._zone = zone

    async def listed(
        self, asks: ViewAsks, grids: Collection[str], villages: Collection[str], now: datetime
    ) -> Integers:
        """The rows as far as they can be told in the open, in their order: numbers of households, entries of visits."""

        def work(connection: sa.Connection) -> Integers:
            dialect, when = connection.dialect.name, self._moments(asks.filters, now)
            query = _listing(asks, grids, villages, when, self._marks(asks.filters), dialect)
            if dialect != "sqlite":
                return array("q", (row[0] for row in connection.execute(query)))
            # A city has 1.6 million: as one text they come four times as fast as row by row, and others have their turn.
            listed = query.subquery()
            text = connection.execute(sa.select(sa.func.json_group_array(listed.c[0]))).scalar_one()
            return array("q", from_json(text))

        return await self._database.read(work)

    async def summed(
        self, asks: ViewAsks, grids: Collection[str], villages: Collection[str], now: datetime
    ) -> list[tuple[str, int, int]]:
        """(group, rows, persons) of a view of which nothing has to be opened; centers and grids are told by grid."""

        def work(connection: sa.Connection) -> list[tuple[str, int, int]]:
            dialect, when = connection.dialect.name, self._moments(asks.filters, now)
            query = _summing(asks, grids, villages, when, dialect)
            return [(str(row[0] or ""), int(row[1]), int(row[2] or 0)) for row in connection.execute(query)]

        return await self._database.read(work)

    async def opened(
        self, asks: ViewAsks, keys: Sequence[int], needs: Collection[str], now: datetime
    ) -> list[Opened]:
        """These rows in their order, opened as far as is needed; those that are not there any more are left out."""
        if asks.source == "visits":
            return await self._opened_visits(keys, needs, now)

        def work(connection: sa.Connection) -> list[Opened]:
            found = {row.row: row for row in _households_of(connection, keys)}
            there = [found[key] for key in keys if key in found]
            return self._open(connection, there, needs, [each.key for each in asks.filters.answers])

        return await self._database.read(work)

    async def figures(self, asked: FigureAsked) -> dict[str, Json]:
        """Village or grid -> what was done there, see `hub.store.grid_figures`."""
        return await self._database.read(lambda connection: grid_figures(connection, asked))

    async def days(self, villages: Collection[str], first: str, last: str) -> list[Json]:
        """Visits of these villages by days, see `hub.store.grid_figures`."""
        return await self._database.read(lambda connection: days_of(connection, villages, first, last))

    # -- inside

    def _marks(self, asked: ViewFilters) -> list[list[str]]:
        """Of each wanted answer that is marked, the marks that a household may have by it."""
        wanted = [found_by(each) for each in asked.answers]
        return [self._answers.marks_for(each) for each in wanted if each is not None]

    def _moments(self, asked: ViewFilters, now: datetime) -> Moments:
        days = [date.fromisoformat(day) for day in (asked.first, asked.last) if day is not None]
        period = Period(days[0], days[-1], self._zone) if days else None

        def ago(days: int | None) -> str | None:
            return None if days is None else to_wire(now - timedelta(days=days))

        return Moments(
            None if period is None or asked.first is None else period.since,
            None if period is None or asked.last is None else period.until,
            ago(asked.visited_days),
            ago(asked.not_visited_days),
        )

    async def _opened_visits(
        self, keys: Sequence[int], needs: Collection[str], now: datetime
    ) -> list[Opened]:
        def work(connection: sa.Connection) -> tuple[list[Any], dict[str, Opened], dict[int, Any]]:
            query = (
                sa.select(tables.visits, _AT.label("where_it_was"), tables.sweeps.c.title.label("title"))
                .select_from(_visited())
                .outerjoin(tables.sweeps, tables.sweeps.c.id == _visits.sweep)
                .where(_visits.seq.in_(list(keys)))
            )
            visits = connection.execute(query).all()
            ids = {row.where_it_was for row in visits if row.where_it_was}
            there = connection.execute(
                sa.select(tables.households).where(
                    in_codes(_households.id, ids, connection.dialect.name), _households.state == "here"
                )
            ).all()
            opened = self._open(connection, there, set(needs) - {"known"})
            words = tables.visit_words.c
            said: dict[int, Any] = {}
            if "known" in needs:
                asked = sa.select(tables.visit_words).where(words.seq.in_(list(keys)))
                said = {row.seq: row for row in connection.execute(asked)}
            return list(visits), {each.household: each for each in opened}, said

        visits, households, said = await self._database.read(work)
        sealing = {
            about: await self._sweeps.key(about, now) for about in {row.about for row in said.values()}
        }
        by_seq = {row.seq: row for row in visits}
        found = []
        for key in keys:
            row = by_seq.get(key)
            if row is None:
                continue
            at = households.get(row.where_it_was or "")
            known: Json = {}
            if (words := said.get(key)) is not None:
                answers = sealing[words.about].open(words.household, words.sealed)["answers"]
                known = {name: [value, row.at] for name, value in answers.items()}
            found.append(_visit(row, at, known))
        return found

    def _open(
        self,
        connection: sa.Connection,
        rows: Sequence[Any],
        needs: Collection[str],
        answered: Sequence[str] = (),
    ) -> list[Opened]:
        """Of `answered` fields each must have been answered there, or the household is left out unopened."""
        dialect = connection.dialect.name
        ids = [row.id for row in rows]
        names: dict[str, str] = {}
        labels: dict[str, str] = {}
        known: dict[str, Any] = {}
        if "place" in needs:
            buildings, houses = tables.registry_buildings.c, tables.registry_houses.c
            query = sa.select(buildings.id, buildings.name).where(
                in_codes(buildings.id, {row.building for row in rows}, dialect)
            )
            names = {row.id: row.name for row in connection.execute(query)}
            where = in_codes(houses.id, {row.house for row in rows}, dialect)
            labels = {
                row.id: label_of(self._key, row)
                for row in connection.execute(sa.select(tables.registry_houses).where(where))
            }
        if "known" in needs:
            there = tables.household_known
            where = in_codes(there.c.household, ids, dialect)
            known = {row.household: row for row in connection.execute(sa.select(there).where(where))}
        last: dict[str, Any] = {}
        if "last" in needs:
            where = in_codes(_last.household, ids, dialect)
            last = {
                row.household: row for row in connection.execute(sa.select(tables.last_visits).where(where))
            }
        found: list[Opened] = []
        for row in rows:
            sealed = known.get(row.id)
            said = {} if sealed is None else self._answers.open_known(row.id, sealed.sealed)
            if answered and not all(
                any(key.partition("@")[0] == field for key in said) for field in answered
            ):
                continue
            confirmed = None if sealed is None else sealed.confirmed_at
            found.append(self._one(row, names, labels, said, confirmed, last.get(row.id), "persons" in needs))
        return found

    def _one(
        self,
        row: Any,
        names: Mapping[str, str],
        labels: Mapping[str, str],
        known: Json,
        confirmed_at: str | None,
        last: Any,
        opens: bool,
    ) -> Opened:
        sealed: Json = self._key.open(row.id, row.sealed) if opens else {"note": "", "persons": []}
        return Opened(
            key=row.row,
            household=row.id,
            grid=row.grid,
            kind=row.kind,
            counts={name: getattr(row, name) for name in _COUNTS},
            building=names.get(row.building, ""),
            house=labels.get(row.house, ""),
            persons=[each for each in sealed["persons"] if not each["left_at"]],
            note=sealed["note"],
            known=known,
            confirmed_at=confirmed_at,
            last=None if last is None else _told(last),
        )


def _told(row: Any) -> Json:
    return {"outcome": row.outcome, "at": row.at, "flags": row.flags.split()}


def _visit(row: Any, at: Opened | None, known: Json) -> Opened:
    told = {
        **_told(row),
        "seen": row.seen,
        "sweep": row.title,
        "offline": "yes" if row.offline else "no",
        "late": "yes" if row.late else "no",
    }
    return Opened(
        key=row.seq,
        household="" if at is None else at.household,
        # where it was at the time: that is the village whose visit it is
        grid=row.grid,
        kind="" if at is None else at.kind,
        counts={} if at is None else at.counts,
        building="" if at is None else at.building,
        house="" if at is None else at.house,
        persons=[] if at is None else at.persons,
        note="" if at is None else at.note,
        known=known,
        visit=told,
    )


def _households_of(connection: sa.Connection, keys: Sequence[int]) -> Sequence[Any]:
    query = sa.select(tables.households).where(
        _households.row.in_(_numbers(keys, connection.dialect.name)), _households.state == "here"
    )
    return connection.execute(query).all()


def _numbers(keys: Sequence[int], dialect: str) -> sa.Select[Any]:
    text = json.dumps(list(keys))
    if dialect == "sqlite":
        listed = sa.func.json_each(text).table_valued("value")
        return sa.select(listed.c.value)
    listed = sa.func.json_array_elements_text(sa.cast(sa.literal(text, sa.Text), sa.JSON)).table_valued(
        "value"
    )
    return sa.select(sa.cast(listed.c.value, sa.BigInteger))


# -- what is asked of what stands in the open


def _listing(
    asks: ViewAsks,
    grids: Collection[str],
    villages: Collection[str],
    when: Moments,
    marks: Sequence[Sequence[str]],
    dialect: str,
) -> sa.Select[Any]:
    if asks.source == "visits":
        query = sa.select(_visits.seq).select_from(_visited())
        query = query.where(*_of_visits(asks.filters, villages, when, dialect))
        newest = (_visits.at.desc(), _visits.seq.desc())
        return query.order_by(*(newest if asks.order == "newest" else (_visits.grid, _visits.seq)))
    walk = (_households.grid, _households.walk, _households.row)
    query = sa.select(_households.row).select_from(_with_last(asks.filters, longest=asks.order == "longest"))
    query = query.where(*_of_households(asks.filters, grids, when, dialect, marks))
    if asks.order == "longest":
        return query.order_by(sa.func.coalesce(_last.at, ""), *walk)
    if asks.order == "most":
        return query.order_by(_households.persons.desc(), *walk)
    return query.order_by(*walk)


def _summing(
    asks: ViewAsks, grids: Collection[str], villages: Collection[str], when: Moments, dialect: str
) -> sa.Select[Any]:
    sums = asks.sums
    if asks.source == "visits":
        by: Any = {"outcome": _visits.outcome, "sweep": tables.sweeps.c.title}.get(sums or "", _visits.grid)
        made = sa.select(by if sums else sa.literal(""), sa.func.count(), sa.func.sum(_visits.seen))
        table = _visited()
        if sums == "sweep":
            table = table.outerjoin(tables.sweeps, tables.sweeps.c.id == _visits.sweep)
        made = made.select_from(table).where(*_of_visits(asks.filters, villages, when, dialect))
        return made.group_by(by) if sums else made
    by = {"kind": _households.kind, "last_outcome": sa.func.coalesce(_last.outcome, "none")}.get(
        sums or "", _households.grid
    )
    persons = sa.func.sum(_households.persons)
    rows = persons if asks.source == "persons" else sa.func.count()
    made = sa.select(by if sums else sa.literal(""), rows, persons)
    made = made.select_from(_with_last(asks.filters, longest=sums == "last_outcome"))
    made = made.where(*_of_households(asks.filters, grids, when, dialect))
    return made.group_by(by) if sums else made


def _visited() -> sa.FromClause:
    return tables.visits.outerjoin(
        tables.sweep_rows, sa.and_(_rows.sweep == _visits.sweep, _rows.number == _visits.number)
    ).outerjoin(tables.households, _households.id == _AT)


def _with_last(asked: ViewFilters, *, longest: bool) -> sa.FromClause:
    """Households, with their last visits where these are asked for."""
    of_last = (
        asked.flags,
        asked.outcomes,
        asked.not_visited_days,
        asked.visited_days,
        asked.first,
        asked.last,
    )
    if not (longest or any(of_last)):
        return tables.households
    return tables.households.outerjoin(tables.last_visits, _last.household == _households.id)


def _of_households(
    asked: ViewFilters,
    grids: Collection[str],
    when: Moments,
    dialect: str,
    marks: Sequence[Sequence[str]] = (),
) -> list[sa.ColumnElement[bool]]:
    grid: Any = _households.grid
    if marks and dialect == "sqlite":
        # few have such an answer: they are come to by their ids, not by walking all grids
        grid = grid.concat("")
    found = [in_codes(grid, grids, dialect), _households.state == "here", *_lived(asked)]
    found += [_households.id.in_(_maybe(each, dialect)) for each in marks]
    if asked.sweep is not None:
        expected = sa.select(_rows.household).where(_rows.sweep == asked.sweep)
        found.append(_households.id.in_(expected))
    if len(asked.answers) > len(marks):
        known = tables.household_known.c
        found.append(sa.exists().where(known.household == _households.id))
    if asked.outcomes:
        found.append(sa.func.coalesce(_last.outcome, "none").in_(asked.outcomes))
    if when.not_since is not None:
        found.append(sa.or_(_last.at.is_(None), _last.at < when.not_since))
    return [*found, *_when(asked, _last.at, _last.flags, when)]


def _maybe(marks: Sequence[str], dialect: str) -> sa.CompoundSelect[Any]:
    """Households that have one of these marks, or are not marked yet: whether it is so is seen when they are opened."""
    there, known = tables.answer_marks.c, tables.household_known.c
    found = sa.select(there.household).where(in_codes(there.mark, marks, dialect))
    return sa.union(found, sa.select(known.household).where(known.marked < MARKING))


def _of_visits(
    asked: ViewFilters, villages: Collection[str], when: Moments, dialect: str
) -> list[sa.ColumnElement[bool]]:
    found = [in_codes(_visits.center, villages, dialect), *_lived(asked)]
    if asked.grids:
        found.append(in_codes(_visits.grid, asked.grids, dialect))
    if asked.sweep is not None:
        found.append(_visits.sweep == asked.sweep)
    if asked.outcomes:
        found.append(_visits.outcome.in_(asked.outcomes))
    return [*found, *_when(asked, _visits.at, _visits.flags, when)]


def _lived(asked: ViewFilters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if asked.kinds:
        found.append(_households.kind.in_(asked.kinds))
    if asked.residence:
        found.append(sa.or_(*(_households[name] > 0 for name in asked.residence)))
    return found


def _when(asked: ViewFilters, at: Any, flags: Any, when: Moments) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if asked.flags:
        found.append(sa.or_(*(flags.contains(flag) for flag in asked.flags)))
    found += [at >= since for since in (when.visited_since, when.since) if since is not None]
    if when.until is not None:
        found.append(at < when.until)
    return found
