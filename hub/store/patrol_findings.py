"""Reading what patrols found: the ledger of findings, newest first, over all rounds that one may see."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from hub.filters import FindingFilter
from hub.store import tables
from hub.store.sight import Condition, Sight

Json = dict[str, Any]
_checks, _rounds, _versions = tables.patrol_checks.c, tables.patrol_rounds.c, tables.patrol_versions.c
_texts = tables.texts.c


def finding_page(connection: sa.Connection, sight: Sight, wanted: FindingFilter, limit: int) -> Json:
    """``{"findings": [Finding…], "next": seq | null}``, newest first."""
    conditions: list[Condition] = [_checks.outcome == "finding", sight.patrolled(_rounds.center)]
    if wanted.made:
        conditions.append(_checks.made_what.in_(wanted.made))
    if wanted.route is not None:
        conditions.append(_rounds.route == wanted.route)
    if wanted.center is not None:
        conditions.append(sight.below(_rounds.center, wanted.center))
    if wanted.text:
        said = (_checks.text, _checks.place, _rounds.title)
        # The names of its camera and of that one's center, as they were told, stand in the row of the search.
        named = sa.select(_texts.seq).where(
            _texts.seq == _checks.seq, _texts.named.icontains(wanted.text, autoescape=True)
        )
        conditions.append(
            sa.or_(*(each.icontains(wanted.text, autoescape=True) for each in said), named.exists())
        )
    if wanted.since is not None:
        conditions.append(_checks.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_checks.at <= wanted.until)
    if wanted.before is not None:
        conditions.append(_checks.seq < wanted.before)
    of_round = ("route", "version", "title", "center", "center_name")
    query = (
        sa.select(tables.patrol_checks, *(_rounds[name] for name in of_round))
        .join_from(tables.patrol_checks, tables.patrol_rounds, _checks.round == _rounds.id)
        .where(*conditions)
        .order_by(_checks.seq.desc())
        .limit(limit + 1)
    )
    rows = connection.execute(query).all()
    stops = _stops(connection, {(row.route, row.version) for row in rows[:limit]})
    found = [_finding(row, stops[row.route, row.version][row.stop - 1]) for row in rows[:limit]]
    return {"findings": found, "next": found[-1]["seq"] if len(rows) > limit else None}


def _stops(connection: sa.Connection, routes: set[tuple[str, int]]) -> dict[tuple[str, int], list[Json]]:
    """The stops of these routes, as they were when they were walked."""
    query = sa.select(tables.patrol_versions).where(_versions.route.in_({route for route, _ in routes}))
    return {
        (row.route, row.version): json.loads(row.stops)
        for row in connection.execute(query)
        if (row.route, row.version) in routes
    }


def _finding(row: Any, stop: Json) -> Json:
    plain = ("seq", "round", "route", "title", "center", "center_name", "stop", "at", "seconds", "quality")
    return {
        **{name: getattr(row, name) for name in (*plain, "text", "place", "urgency")},
        "camera": stop["camera"],
        "camera_name": stop["name"],
        "camera_center": stop["center"],
        "camera_center_name": stop["center_name"],
        "made": None if row.made_what is None else {"what": row.made_what, "id": row.made_id},
        "attachments": json.loads(row.attachments),
        "by": json.loads(row.by),
    }
