"""What is read of sweeps and visits: heads, sums by village, counts by grid, visits of a row, days."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa

from hub.store import tables
from hub.store.sight import Everything, Sight, among
from hub.store.sweep_rows import SUMS

Json = dict[str, Any]
#: What is told of a village: how many there are, and the sums.
COUNTED: Final = ("rows", "persons", *SUMS)
_DAYS: Final = ("visits", "met", "unchanged", "phone", "absent", "refused", "gone", "offline", "seconds")


def sweep_page(
    connection: sa.Connection, sight: Sight | Everything, state: str | None, before: str | None, limit: int
) -> Json:
    """``{"sweeps": [Sweep…], "next": id | null}``, newest first; `state`: `open` or `closed`."""
    sweeps = tables.sweeps.c
    conditions = [sight.sweeps()]
    if state is not None:
        conditions.append(sweeps.closed_at.is_(None) if state == "open" else sweeps.closed_at.is_not(None))
    if before is not None:
        place = connection.execute(sa.select(sweeps.seq).where(sweeps.id == before)).scalar()
        if place is None:
            return {"sweeps": [], "next": None}
        conditions.append(sweeps.seq < place)
    query = sa.select(tables.sweeps).where(*conditions).order_by(sweeps.seq.desc()).limit(limit + 1)
    rows = connection.execute(query).all()
    found = _with_sums(connection, sight, rows[:limit])
    return {"sweeps": found, "next": rows[limit - 1].id if len(rows) > limit else None}


def read_sweep(connection: sa.Connection, sight: Sight | Everything, sweep: str) -> Json | None:
    """One sweep, with the numbers of what is seen of it; None where nothing is."""
    found = read_sweep_board(connection, sight, sweep)
    return None if found is None else found[0]


def read_sweep_board(
    connection: sa.Connection, sight: Sight | Everything, sweep: str
) -> tuple[Json, list[Json]] | None:
    """One sweep, and ``{center, first, rows, persons, met, …}`` of each of its villages that is seen, by number.

    A city has two thousand villages and many who look at its boards: they are read once for both.
    """
    head = connection.execute(
        sa.select(tables.sweeps).where(tables.sweeps.c.id == sweep, sight.sweeps())
    ).first()
    if head is None:
        return None
    of = tables.sweep_villages.c
    query = (
        sa.select(of.center, of.first, *(of[name] for name in COUNTED))
        .join(tables.sweeps, tables.sweeps.c.id == of.sweep)
        .where(of.sweep == sweep, sight.sweep_villages())
        .order_by(of.first)
    )
    names = ("center", "first", *COUNTED)
    villages = [dict(zip(names, row, strict=True)) for row in connection.execute(query)]
    if not villages:
        return None
    counts = {name: sum(each[name] for each in villages) for name in COUNTED}
    return {**_head(head), "counts": counts, "villages": len(villages)}, villages


def grid_sums(
    connection: sa.Connection, sweep: str, first: int, last: int, grids: Collection[str] | None
) -> list[Json]:
    """The same by grid, counted over rows of these numbers, by code. Who may read them is for the caller to check."""
    rows, stands = tables.sweep_rows.c, tables.sweep_standings.c
    joined = tables.sweep_rows.outerjoin(
        tables.sweep_standings, sa.and_(stands.sweep == rows.sweep, stands.number == rows.number)
    )
    count = sa.func.count
    query = (
        sa.select(
            rows.grid,
            stands.outcome,
            count().label("rows"),
            sa.func.sum(rows.persons).label("persons"),
            sa.func.sum(sa.func.coalesce(stands.seen, 0)).label("seen"),
            sa.func.sum(sa.case((stands.handed.is_(True), 1), else_=0)).label("handed"),
            sa.func.sum(sa.func.coalesce(stands.conflicts, 0)).label("conflicts"),
        )
        .select_from(joined)
        .where(rows.sweep == sweep, rows.number.between(first, last))
        .group_by(rows.grid, stands.outcome)
    )
    if grids is not None:
        query = query.where(among(rows.grid, sorted(grids), connection.dialect.name))
    found: dict[str, Json] = {}
    for row in connection.execute(query):
        of = found.setdefault(row.grid, {"grid": row.grid, **dict.fromkeys(COUNTED, 0)})
        for name in ("rows", "persons", "seen", "handed", "conflicts"):
            of[name] += int(getattr(row, name))
        if row.outcome is not None:
            of[row.outcome] += row.rows
    return [found[grid] for grid in sorted(found)]


def visits_of(
    connection: sa.Connection, sweep: str | None, number: int | None, household: str | None
) -> list[Json]:
    """Visits of a row and, outside of sweeps, of a household, newest first. Who may read them the caller checks."""
    visits, accounts = tables.visits.c, tables.accounts.c
    which = []
    if sweep is not None:
        which.append(sa.and_(visits.sweep == sweep, visits.number == number))
    if household is not None:
        which.append(visits.household == household)
    query = (
        sa.select(tables.visits, accounts.name)
        .select_from(tables.visits.outerjoin(tables.accounts, accounts.id == visits.account))
        .where(sa.or_(sa.false(), *which))
        .order_by(visits.seq.desc())
        .limit(100)
    )
    plain = ("seq", "id", "sweep", "grid", "outcome", "seen", "at", "recorded_at", "account", "seconds")
    return [
        {
            **{name: getattr(row, name) for name in plain},
            "row": row.number,
            "by": row.name or "",
            **{name: bool(getattr(row, name)) for name in ("offline", "late", "conflict")},
            "flags": row.flags.split(),
            "photos": json.loads(row.photos) if row.photos else [],
            "found": None if row.found is None else json.loads(row.found),
        }
        for row in connection.execute(query)
    ]


def visit_days(connection: sa.Connection, since: str, until: str) -> list[Json]:
    """Sums of days by village, of all villages. Who may read which is for the caller to check."""
    days = tables.visit_days.c
    query = (
        sa.select(days.center, *(sa.func.sum(days[name]).label(name) for name in _DAYS))
        .where(days.day >= since, days.day <= until)
        .group_by(days.center)
    )
    return [
        {"center": row.center, **{name: int(getattr(row, name)) for name in _DAYS}}
        for row in connection.execute(query)
    ]


def _with_sums(connection: sa.Connection, sight: Sight | Everything, rows: Any) -> list[Json]:
    if not rows:
        return []
    villages = tables.sweep_villages
    query = (
        sa.select(villages.c.sweep, *(sa.func.sum(villages.c[name]).label(name) for name in COUNTED))
        .add_columns(sa.func.count().label("villages"))
        .join(tables.sweeps, tables.sweeps.c.id == villages.c.sweep)
        .where(villages.c.sweep.in_([row.id for row in rows]), sight.sweep_villages())
        .group_by(villages.c.sweep)
    )
    found = {row.sweep: row for row in connection.execute(query)}
    return [
        {
            **_head(row),
            "counts": {name: int(getattr(found[row.id], name)) for name in COUNTED},
            "villages": found[row.id].villages,
        }
        for row in rows
        if row.id in found
    ]


def _head(row: Any) -> Json:
    plain = (
        "id",
        "title",
        "sort",
        "center",
        "note",
        "due",
        "days",
        "opened_at",
        "fallen_at",
        "closed_at",
        "reason",
    )
    state = "forgotten" if row.forgotten_at else "closed" if row.closed_at else "open"
    return {
        **{name: getattr(row, name) for name in plain},
        "state": state,
        "form": json.loads(row.form),
        "by": json.loads(row.made_by),
        "closed_by": None if row.closed_by is None else json.loads(row.closed_by),
    }
