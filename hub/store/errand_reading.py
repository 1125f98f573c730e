"""What is read of errands: pages, one, those of a phone, and how many there are."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from hub.filters import ErrandFilter
from hub.store import tables
from hub.store.camera_rows import in_codes, in_listed, listed
from hub.store.sight import Everything, Sight, among

Json = dict[str, Any]
#: What is counted: those that go on by state, late and urgent ones among them; what was over lately; and ratings.
SUMS: Final = (
    "asked",
    "taken",
    "handed",
    "late",
    "urgent",
    "done",
    "dropped",
    "rated",
    "stars",
)


def errand_page(
    connection: sa.Connection, sight: Sight | Everything, wanted: ErrandFilter, limit: int
) -> tuple[list[Json], int | None]:
    """Errands that are seen, newest first, and the `before` of the following page."""
    errands = tables.errands.c
    query = _query().where(sight.errands()).order_by(errands.seq.desc()).limit(limit + 1)
    if wanted.id is not None:
        query = query.where(errands.id == wanted.id)
    if wanted.centers is not None:
        query = query.where(among(errands.center, sorted(wanted.centers), connection.dialect.name))
    if wanted.grid is not None:
        query = query.where(errands.grid == wanted.grid)
    if wanted.household is not None:
        query = query.where(errands.household == wanted.household)
    if wanted.state == "open":
        query = query.where(errands.over_at.is_(None))
    elif wanted.state is not None:
        query = query.where(errands.state == wanted.state)
    if wanted.kind is not None:
        query = query.where(errands.kind == wanted.kind)
    if wanted.late_at is not None:
        query = query.where(errands.over_at.is_(None), errands.due < wanted.late_at)
    if wanted.before is not None:
        query = query.where(errands.seq < wanted.before)
    rows = connection.execute(query).all()
    return [_told(row) for row in rows[:limit]], rows[limit - 1].seq if len(rows) > limit else None


def errand_row(connection: sa.Connection, errand: str) -> Json | None:
    """One errand with what commits to its words; None where there is none."""
    row = connection.execute(_query().where(tables.errands.c.id == errand)).first()
    return None if row is None else {**_told(row), "seq": row.seq, "commitment": row.commitment}


def errand_sums(
    connection: sa.Connection, sight: Sight | Everything, now: str, since: str, by: str
) -> list[Json]:
    """Errands that are seen, by `by` (center or grid) and kind: those that go on, and what those over `since` came to."""
    errands = tables.errands.c
    going = errands.over_at.is_(None)
    place = errands[by]

    def count(*when: Any) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((sa.and_(*when), 1), else_=0))

    open_ones = sa.select(
        place.label("place"),
        errands.kind,
        count(errands.state == "asked").label("asked"),
        count(errands.state == "taken").label("taken"),
        count(errands.state == "handed").label("handed"),
        count(errands.due < now).label("late"),
        count(errands.urgent).label("urgent"),
    ).where(sight.errands(), going)
    over = sa.select(
        place.label("place"),
        errands.kind,
        count(errands.state == "done").label("done"),
        count(errands.state == "dropped").label("dropped"),
        count(errands.stars.is_not(None)).label("rated"),
        sa.func.coalesce(sa.func.sum(errands.stars), 0).label("stars"),
    ).where(sight.errands(), errands.over_at >= since)
    found: dict[tuple[str, str], Json] = {}
    for query in (open_ones, over):
        for row in connection.execute(query.group_by(place, errands.kind)).mappings():
            line = found.setdefault((row["place"], row["kind"]), dict.fromkeys(SUMS, 0))
            line |= {name: int(value) for name, value in row.items() if name not in ("place", "kind")}
    return [{"place": place, "kind": kind, **line} for (place, kind), line in found.items()]


def errands_of(connection: sa.Connection, grids: Collection[str], since: str) -> list[Json]:
    """Errands of these grids that go on, and those that were over since a moment, the oldest first."""
    query = _of_grids(connection.dialect.name)
    return [_told(row) for row in connection.execute(query, {"grids": listed(grids), "since": since})]


@cache
def _of_grids(dialect: str) -> sa.Select[Any]:
    errands = tables.errands.c
    goes_on = sa.or_(errands.over_at.is_(None), errands.over_at >= sa.bindparam("since", type_=sa.Text))
    own = in_listed(errands.grid, sa.bindparam("grids", type_=sa.Text), dialect)
    return _query().where(own, goes_on).order_by(errands.seq)


def words_of(connection: sa.Connection, errands: Collection[str]) -> dict[str, tuple[str, str, str]]:
    """Errand -> by which key what was asked for is sealed, whose household, sealed; without those that nothing is kept of."""
    if not errands:
        return {}
    words = tables.errand_words
    query = sa.select(words).where(in_codes(words.c.errand, errands, connection.dialect.name))
    return {row.errand: (row.about, row.household, row.sealed) for row in connection.execute(query)}


def _query() -> sa.Select[Any]:
    accounts = tables.accounts.c
    joined = tables.errands.outerjoin(tables.accounts, accounts.id == tables.errands.c.taker)
    givers = tables.accounts.alias()
    joined = joined.outerjoin(givers, givers.c.id == tables.errands.c.handed_by)
    names = accounts.name.label("taker_name"), givers.c.name.label("giver_name")
    return sa.select(tables.errands, *names).select_from(joined)


def _told(row: Any) -> Json:
    plain = (
        "center",
        "grid",
        "household",
        "kind",
        "state",
        "due",
        "asked_at",
        "taker",
        "taken_at",
        "over_at",
        "over_seq",
        "heard",
    )
    return {
        "errand": row.id,
        **{name: getattr(row, name) for name in plain},
        "by": json.loads(row.asked_by),
        "urgent": bool(row.urgent),
        "taker_name": row.taker_name or "",
        "handed_by": row.giver_name or "",
        "photos": json.loads(row.photos) if row.photos else [],
        "cents": row.cents,
        "late": bool(row.late),
        "stars": row.stars,
        "reason": row.reason,
    }
