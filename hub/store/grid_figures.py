"""Figures of grids as the database counts them: who was visited, what was found there, which errands were done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from hub.grids.figures import FigureAsked
from hub.grids.sweep_form import FLAGS
from hub.store import tables
from hub.store.camera_rows import in_codes

Json = dict[str, Any]
_last = tables.last_visits.c
_households = tables.households.c
_visits = tables.visits.c
_errands = tables.errands.c
_days = tables.visit_days.c


def grid_figures(connection: sa.Connection, asked: FigureAsked) -> dict[str, Json]:
    """Village or grid -> `visited_today`, `visited_week`, `visits`, `met`, `absent`, flags, errands; none without any."""
    found: defaultdict[str, Json] = defaultdict(dict)
    for query in (_visited(connection, asked), _visits_of(connection, asked), _errands_of(connection, asked)):
        for row in connection.execute(query):
            code, *_ = row
            found[code].update(
                {name: int(row._mapping[name] or 0) for name in row._mapping if name != "code"}
            )
    for row in connection.execute(_flagged(connection, asked)):
        line = found[row.code]
        for flag in FLAGS:
            if flag in row.flags.split():
                line[flag] = line.get(flag, 0) + int(row.n)
    return dict(found)


def days_of(connection: sa.Connection, villages: Iterable[str], first: str, last: str) -> list[Json]:
    """``{day, visits, met, absent}`` of each day with a visit in these villages, oldest first; `met` counts all reached."""
    reached = _days.met + _days.unchanged + _days.phone
    query = (
        sa.select(
            _days.day,
            sa.func.sum(_days.visits).label("visits"),
            sa.func.sum(reached).label("met"),
            sa.func.sum(_days.absent).label("absent"),
        )
        .where(
            _days.day >= first,
            _days.day <= last,
            in_codes(_days.center, list(villages), connection.dialect.name),
        )
        .group_by(_days.day)
        .order_by(_days.day)
    )
    return [
        {"day": row.day, **{name: int(getattr(row, name)) for name in ("visits", "met", "absent")}}
        for row in connection.execute(query)
    ]


def _count(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _where_they_live(connection: sa.Connection, asked: FigureAsked) -> tuple[Any, Any, Any]:
    """Of the last visits: the code of each, the table, and the condition."""
    dialect = connection.dialect.name
    if not asked.by_grid:
        return _last.center, tables.last_visits, in_codes(_last.center, asked.codes, dialect)
    joined = tables.last_visits.join(tables.households, _households.id == _last.household)
    there = sa.and_(in_codes(_households.grid, asked.codes, dialect), _households.state == "here")
    return _households.grid, joined, there


def _visited(connection: sa.Connection, asked: FigureAsked) -> sa.Select[Any]:
    code, table, there = _where_they_live(connection, asked)
    counts = (_count(_last.at >= asked.today).label("visited_today"), sa.func.count().label("visited_week"))
    query = sa.select(code.label("code"), *counts).select_from(table)
    return query.where(there, _last.at >= asked.week).group_by(code)


def _flagged(connection: sa.Connection, asked: FigureAsked) -> sa.Select[Any]:
    code, table, there = _where_they_live(connection, asked)
    query = sa.select(code.label("code"), _last.flags, sa.func.count().label("n")).select_from(table)
    return query.where(there, _last.flags > "").group_by(code, _last.flags)


def _visits_of(connection: sa.Connection, asked: FigureAsked) -> sa.Select[Any]:
    if asked.by_grid:
        reached = _visits.outcome.in_(("met", "unchanged", "phone"))
        village = sorted({code[:12] for code in asked.codes})
        query = sa.select(
            _visits.grid.label("code"),
            sa.func.count().label("visits"),
            _count(reached).label("met"),
            _count(_visits.outcome == "absent").label("absent"),
        ).where(_visits.center.in_(village), _visits.at >= asked.since, _visits.at < asked.until)
        return query.group_by(_visits.grid)
    query = sa.select(
        _days.center.label("code"),
        sa.func.sum(_days.visits).label("visits"),
        sa.func.sum(_days.met + _days.unchanged + _days.phone).label("met"),
        sa.func.sum(_days.absent).label("absent"),
    ).where(
        _days.day >= asked.first,
        _days.day <= asked.last,
        in_codes(_days.center, asked.codes, connection.dialect.name),
    )
    return query.group_by(_days.center)


def _errands_of(connection: sa.Connection, asked: FigureAsked) -> sa.Select[Any]:
    by = _errands.grid if asked.by_grid else _errands.center
    done = sa.and_(_errands.state == "done", _errands.over_at >= asked.since)
    query = sa.select(
        by.label("code"),
        _count(_errands.over_at.is_(None)).label("errands_open"),
        _count(sa.and_(done, _errands.over_at < asked.until)).label("errands_done"),
    ).where(in_codes(by, asked.codes, connection.dialect.name))
    return query.group_by(by)
