"""Reading grids, in the shapes of docs/protocol.md: lists, one with its history, and numbers by village."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.filters import GridFilter
from hub.store import tables
from hub.store.sight import Condition, Sight, among

Json = dict[str, Any]
_grids, _members, _accounts = tables.grids.c, tables.grid_members.c, tables.accounts.c
_history = tables.grid_history.c
#: Rows of a grid's history that are read at once.
MOST_HISTORY: Final = 500


def grid_page(connection: sa.Connection, sight: Sight, wanted: GridFilter, limit: int) -> Json:
    """``{"grids": [Grid…], "next": code | null}``, by code; after `wanted.after`."""
    conditions = [sight.grids(), *_wanted(connection, sight, wanted)]
    query = sa.select(tables.grids).where(*conditions).order_by(_grids.grid)
    rows = connection.execute(query.limit(limit + 1)).all()
    found = _told(connection, rows[:limit])
    return {"grids": found, "next": rows[limit - 1].grid if len(rows) > limit else None}


def _wanted(connection: sa.Connection, sight: Sight, wanted: GridFilter) -> list[Condition]:
    conditions: list[Condition] = [] if wanted.ended else [_grids.state == "active"]
    if wanted.center is not None:
        conditions.append(sight.below(_grids.village, wanted.center))
    if wanted.unassigned:
        walked = sa.select(_members.grid)
        conditions.append(sa.and_(_grids.leader.is_(None), _grids.grid.not_in(walked)))
    if wanted.batch is not None:
        conditions.append(_grids.batch == wanted.batch)
    if wanted.after is not None:
        conditions.append(_grids.grid > wanted.after)
    if wanted.text:
        people = sa.select(_accounts.id).where(_accounts.name.icontains(wanted.text, autoescape=True))
        walked = sa.select(_members.grid).where(_members.account.in_(people))
        conditions.append(
            sa.or_(
                _grids.name.icontains(wanted.text, autoescape=True),
                _grids.grid.startswith(wanted.text, autoescape=True),
                among(_grids.village, wanted.villages, sight.dialect),
                _grids.leader.in_(people),
                _grids.grid.in_(walked),
            )
        )
    return conditions


def grid_imports(connection: sa.Connection, sight: Sight, since: str) -> list[Json]:
    """``{batch, at, grids, villages}`` of lists that brought grids which are there still, the newest first."""
    query = (
        sa.select(
            _grids.batch,
            sa.func.min(_grids.since).label("at"),
            sa.func.count().label("grids"),
            sa.func.count(sa.distinct(_grids.village)).label("villages"),
        )
        .where(sight.grids(), _grids.state == "active", _grids.batch.is_not(None), _grids.since >= since)
        .group_by(_grids.batch)
        .order_by(sa.desc("at"))
    )
    return [
        {"batch": row.batch, "at": row.at, "grids": int(row.grids), "villages": int(row.villages)}
        for row in connection.execute(query)
    ]


def own_grids(connection: sa.Connection, account: str) -> list[Json]:
    """The grids that an account answers for or walks, by code."""
    walks = sa.select(_members.grid).where(_members.account == account)
    query = sa.select(tables.grids).where(
        _grids.state == "active", sa.or_(_grids.leader == account, _grids.grid.in_(walks))
    )
    return _told(connection, connection.execute(query.order_by(_grids.grid)).all())


def whole_grid(connection: sa.Connection, sight: Sight, grid: str) -> Json | None:
    """``{"grid", "history"}``, the oldest first; None when it does not exist for this account."""
    row = connection.execute(sa.select(tables.grids).where(_grids.grid == grid, sight.grids())).first()
    if row is None:
        return None
    query = sa.select(tables.grid_history).where(_history.grid == grid).order_by(_history.seq.desc())
    steps = connection.execute(query.limit(MOST_HISTORY)).all()[::-1]
    leaders = (step.leader for step in steps if step.leader is not None)
    named = _names(connection, {*leaders, *(each for step in steps for each in json.loads(step.members))})
    return {
        "grid": _told(connection, [row])[0],
        "history": [
            {
                "seq": step.seq,
                "kind": step.kind,
                "at": step.at,
                "name": step.name,
                "leader": None if step.leader is None else _person(step.leader, named),
                "members": [_person(each, named) for each in json.loads(step.members)],
                "others": json.loads(step.others),
                "by": None if step.by is None else json.loads(step.by),
            }
            for step in steps
        ],
    }


def _told(connection: sa.Connection, rows: Sequence[Any]) -> list[Json]:
    codes = [row.grid for row in rows]
    members: defaultdict[str, list[str]] = defaultdict(list)
    query = sa.select(_members.grid, _members.account).where(
        among(_members.grid, codes, connection.dialect.name)
    )
    for each in connection.execute(query.order_by(_members.grid, _members.place)):
        members[each.grid].append(each.account)
    leaders = (row.leader for row in rows if row.leader is not None)
    named = _names(connection, {*leaders, *(each for found in members.values() for each in found)})
    plain = ("grid", "village", "name", "kind", "planned", "state", "since", "ended_at", "batch")
    return [
        {
            **{name: getattr(row, name) for name in plain},
            "leader": None if row.leader is None else _person(row.leader, named),
            "members": [_person(each, named) for each in members[row.grid]],
            "into": json.loads(row.became),
        }
        for row in rows
    ]


def _names(connection: sa.Connection, accounts: Iterable[str]) -> dict[str, str]:
    query = sa.select(_accounts.id, _accounts.name).where(
        among(_accounts.id, list(accounts), connection.dialect.name)
    )
    return {row.id: row.name for row in connection.execute(query)}


def _person(account: str, named: dict[str, str]) -> Json:
    """Who was deleted has no name any more."""
    return {"account": account, "name": named.get(account, "")}


def village_counts(connection: sa.Connection, sight: Sight, parent: str) -> dict[str, Json]:
    """Village -> ``{"grids", "unassigned", "members", "planned"}`` of all below a center that have grids.

    Who may read them is for the caller to check.
    """
    here = sa.and_(_grids.state == "active", sight.below(_grids.village, parent))
    walked = sa.select(_members.grid)
    nobody = sa.and_(_grids.leader.is_(None), _grids.grid.not_in(walked))
    counted = sa.select(
        _grids.village,
        sa.func.count().label("grids"),
        sa.func.sum(_grids.planned).label("planned"),
        sa.func.sum(sa.case((nobody, 1), else_=0)).label("unassigned"),
    )
    found: dict[str, Json] = {
        row.village: {
            "grids": row.grids,
            "planned": int(row.planned),
            "unassigned": int(row.unassigned),
            "members": 0,
        }
        for row in connection.execute(counted.where(here).group_by(_grids.village))
    }
    led = sa.select(_grids.village, _grids.leader.label("account")).where(here, _grids.leader.is_not(None))
    walking = (
        sa.select(_grids.village, _members.account)
        .join(tables.grid_members, _members.grid == _grids.grid)
        .where(here)
    )
    people = sa.union(led, walking).subquery()
    query = sa.select(people.c.village, sa.func.count().label("members")).group_by(people.c.village)
    for row in connection.execute(query):
        found[row.village]["members"] = row.members
    return found
