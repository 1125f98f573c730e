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
#: Steps by which other people work in a grid.
_OF_PEOPLE: Final = ("assigned", "handed", "split", "joined")
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
    """``{batch, at, grids, changed, villages}`` of lists of which something can be taken back, the newest first.

    `grids` that they made are there still; in `changed` work the people whom they gave to grids that were there.
    """
    made = sa.select(
        _grids.batch, _grids.since.label("at"), _grids.village, sa.literal(1).label("new")
    ).where(sight.grids(), _grids.state == "active", _grids.batch.is_not(None), _grids.since >= since)
    later = tables.grid_history.alias()
    since_then = sa.select(later.c.seq).where(
        later.c.grid == _history.grid, later.c.seq > _history.seq, later.c.kind.in_(_OF_PEOPLE)
    )
    given = (
        sa.select(_history.batch, _history.at, _grids.village, sa.literal(0).label("new"))
        .join(tables.grids, _grids.grid == _history.grid)
        .where(sight.grids(), _grids.state == "active", _history.kind == "assigned")
        .where(_history.batch.is_not(None), _history.at >= since, ~since_then.exists())
    )
    every = sa.union_all(made, given).subquery().c
    query = (
        sa.select(
            every.batch,
            sa.func.min(every.at).label("at"),
            sa.func.sum(every.new).label("grids"),
            (sa.func.count() - sa.func.sum(every.new)).label("changed"),
            sa.func.count(sa.distinct(every.village)).label("villages"),
        )
        .group_by(every.batch)
        .order_by(sa.desc("at"))
    )
    counted = ("grids", "changed", "villages")
    return [
        {"batch": row.batch, "at": row.at, **{name: int(getattr(row, name)) for name in counted}}
        for row in connection.execute(query)
    ]


def people_given(
    connection: sa.Connection, sight: Sight, batch: str, after: str | None, limit: int
) -> tuple[list[Json], str | None]:
    """Grids whose people a list changed, by code, each with who worked there before, and whether it stands so still.

    The second is the `after` of the following page.
    """
    query = (
        sa.select(_history.grid, _history.seq, _grids.name, _grids.village)
        .join(tables.grids, _grids.grid == _history.grid)
        .where(sight.grids(), _grids.state == "active", _history.kind == "assigned", _history.batch == batch)
        .order_by(_history.grid)
        .limit(limit + 1)
    )
    rows = connection.execute(query if after is None else query.where(_history.grid > after)).all()
    page = rows[:limit]
    steps = sa.select(_history.grid, _history.seq, _history.leader, _history.members)
    within = among(_history.grid, [row.grid for row in page], sight.dialect)
    stood: defaultdict[str, list[tuple[int, Json]]] = defaultdict(list)
    for step in connection.execute(steps.where(within).order_by(_history.seq)) if page else ():
        stood[step.grid].append((step.seq, {"leader": step.leader, "members": json.loads(step.members)}))
    told = []
    for row in page:
        before = [people for seq, people in stood[row.grid] if seq < row.seq]
        given = next(people for seq, people in stood[row.grid] if seq == row.seq)
        told.append(
            {
                "grid": row.grid,
                "name": row.name,
                "village": row.village,
                **given,
                "was": before[-1],
                "stands": stood[row.grid][-1][1] == given,
            }
        )
    return told, page[-1].grid if len(rows) > limit else None


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
