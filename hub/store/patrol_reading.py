"""Reading patrols, in the shapes of docs/protocol.md: routes, the ledger of rounds, one round stop by stop, and numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from hub.cameras.patrol_shapes import OUTCOMES, OVER
from hub.directory.tree import CenterTree
from hub.filters import RoundFilter
from hub.statistics.period import Period
from hub.store import tables
from hub.store.sight import Condition, Sight, among

Json = dict[str, Any]
_routes, _rounds = tables.patrol_routes.c, tables.patrol_rounds.c
_checks, _walks, _versions = tables.patrol_checks.c, tables.patrol_walks.c, tables.patrol_versions.c
#: Routes that are listed.
MOST_ROUTES = 500


def read_routes(connection: sa.Connection, sight: Sight, center: str | None) -> list[Json]:
    """The routes that are walked, of this center and those below it, in the order in which they were made; without stops."""
    conditions: list[Condition] = [sight.patrolled(_routes.center), _routes.withdrawn_at.is_(None)]
    if center is not None:
        conditions.append(sight.below(_routes.center, center))
    query = sa.select(tables.patrol_routes).where(*conditions).order_by(_routes.center, _routes.seq)
    return [_route(row) for row in connection.execute(query.limit(MOST_ROUTES))]


def read_route(connection: sa.Connection, sight: Sight, route: str) -> Json | None:
    """A route with its stops, withdrawn or not; None when it does not exist for this account."""
    query = sa.select(tables.patrol_routes).where(_routes.id == route, sight.patrolled(_routes.center))
    row = connection.execute(query).first()
    if row is None:
        return None
    return {**_route(row), "stops": _stops(connection, row.id, row.version)}


def _stops(connection: sa.Connection, route: str, version: int) -> list[Json]:
    query = sa.select(_versions.stops).where(_versions.route == route, _versions.version == version)
    found: list[Json] = json.loads(connection.execute(query).scalar_one())
    return found


def _route(row: Any) -> Json:
    plain = (
        "id",
        "version",
        "center",
        "center_name",
        "title",
        "note",
        "by_shift",
        "within_minutes",
        "next_at",
        "changed_at",
        "withdrawn_at",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "times": json.loads(row.times),
        "total": row.stops,
        "by": json.loads(row.made_by),
    }


def round_page(connection: sa.Connection, sight: Sight, wanted: RoundFilter, limit: int) -> Json:
    """``{"rounds": [Round…], "next": id | null}``, newest first; after one that is not there or not seen comes nothing."""
    conditions = [sight.patrolled(_rounds.center)]
    if wanted.states:
        conditions.append(_rounds.state.in_(wanted.states))
    if wanted.late:
        conditions.append(_rounds.fell_due_at.is_not(None))
    if wanted.found:
        conditions.append(_rounds.finding > 0)
    if wanted.route is not None:
        conditions.append(_rounds.route == wanted.route)
    if wanted.center is not None:
        conditions.append(sight.below(_rounds.center, wanted.center))
    if wanted.text:
        conditions.append(_rounds.title.icontains(wanted.text, autoescape=True))
    if wanted.since is not None:
        conditions.append(_rounds.opened_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_rounds.opened_at <= wanted.until)
    if wanted.before is not None:
        last = connection.execute(
            sa.select(_rounds.seq).where(_rounds.id == wanted.before, sight.patrolled(_rounds.center))
        ).scalar()
        if last is None:
            return {"rounds": [], "next": None}
        conditions.append(_rounds.seq < last)
    query = sa.select(tables.patrol_rounds).where(*conditions).order_by(_rounds.seq.desc())
    found = [_round(row) for row in connection.execute(query.limit(limit + 1))]
    return {"rounds": found[:limit], "next": found[limit - 1]["id"] if len(found) > limit else None}


def whole_round(connection: sa.Connection, sight: Sight, round: str) -> Json | None:
    """A round with its stops, what came of each, and who walked it; None when it does not exist for this account."""
    query = sa.select(tables.patrol_rounds).where(_rounds.id == round, sight.patrolled(_rounds.center))
    row = connection.execute(query).first()
    if row is None:
        return None
    checks = connection.execute(sa.select(tables.patrol_checks).where(_checks.round == round))
    said = {each.stop: _check(each) for each in checks}
    walks = connection.execute(
        sa.select(tables.patrol_walks).where(_walks.round == round).order_by(_walks.seq)
    )
    return {
        "round": _round(row),
        "stops": [
            {**stop, "stop": place, "check": said.get(place)}
            for place, stop in enumerate(_stops(connection, row.route, row.version), 1)
        ],
        "walks": [
            {
                **{name: getattr(each, name) for name in ("kind", "at", "stop", "reason")},
                "by": json.loads(each.by),
                "relieves": _json(each.relieves),
            }
            for each in walks
        ],
    }


def patrol_figures(connection: sa.Connection, sight: Sight, since: str) -> Json:
    """``{"waiting", "walking", "late", "missed"}``: what goes on now, and what was missed of what was opened since then."""
    going = _rounds.state.not_in(OVER)
    counts = {
        "waiting": _rounds.state == "waiting",
        "walking": _rounds.state == "walking",
        "late": sa.and_(going, _rounds.fell_due_at.is_not(None)),
        "missed": sa.and_(_rounds.state.in_(("missed", "unfinished")), _rounds.opened_at >= since),
    }
    sums = [
        sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0).label(name)
        for name, condition in counts.items()
    ]
    wanted = sa.or_(going, _rounds.opened_at >= since)
    query = sa.select(*sums).where(sight.patrolled(_rounds.center), wanted)
    return {name: int(count) for name, count in connection.execute(query).one()._mapping.items()}


#: What is counted of rounds.
FIGURES = ("rounds", "done", "late", "missed", "unfinished", "stops", *OUTCOMES)


def count_rounds(
    connection: sa.Connection, tree: CenterTree, top: str, period: Period
) -> list[tuple[str, str, dict[str, int]]]:
    """(center, hour of UTC, FIGURES) of the rounds that were opened in a span and are over, below a center.

    What was withdrawn counts for nothing. Who may read them is for the caller to check.
    """
    hour = sa.func.substr(_rounds.opened_at, 1, 13)
    total = sa.func.sum

    def times(condition: Condition) -> Any:
        return total(sa.case((condition, 1), else_=0))

    done = _rounds.state == "done"
    columns: Sequence[Any] = (
        sa.func.count().label("rounds"),
        times(done).label("done"),
        times(sa.and_(done, _rounds.late)).label("late"),
        times(_rounds.state == "missed").label("missed"),
        times(_rounds.state == "unfinished").label("unfinished"),
        total(_rounds.total).label("stops"),
        *(total(_rounds[name]).label(name) for name in OUTCOMES),
    )
    codes = [each.code for each in tree.subtree(top)]
    query = (
        sa.select(_rounds.center, hour.label("hour"), *columns)
        .where(
            among(_rounds.center, codes, connection.dialect.name),
            _rounds.opened_at >= period.since,
            _rounds.opened_at < period.until,
            _rounds.state.in_(("done", "missed", "unfinished")),
        )
        .group_by(_rounds.center, hour)
    )
    return [
        (row.center, row.hour, {name: int(getattr(row, name)) for name in FIGURES})
        for row in connection.execute(query)
    ]


def _round(row: Any) -> Json:
    plain = (
        "id",
        "route",
        "version",
        "title",
        "center",
        "center_name",
        "opened_at",
        "due",
        "state",
        "taken_at",
        "stop",
        "stands_since",
        "seconds",
        "quality",
        "total",
        *OUTCOMES,
        "fell_due_at",
        "ended_at",
        "late",
        "reason",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "opened_by": _json(row.opened_by),
        "walker": _json(row.walker),
        "ended_by": _json(row.ended_by),
    }


def _check(row: Any) -> Json:
    plain = ("at", "outcome", "reason", "seconds", "quality", "stayed", "text", "place", "urgency")
    return {
        **{name: getattr(row, name) for name in plain},
        "made": None if row.made_what is None else {"what": row.made_what, "id": row.made_id},
        "attachments": json.loads(row.attachments),
        "by": json.loads(row.by),
    }


def _json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
