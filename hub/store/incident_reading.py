"""Reading incidents and appeals, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from hub.filters import IncidentFilter
from hub.store import tables
from hub.store.order_reading import for_sight
from hub.store.sight import Condition, Everything, Sight

Json = dict[str, Any]
_incidents, _steps, _centers = tables.incidents.c, tables.incident_steps.c, tables.incident_centers.c
#: Something is still to be done about it, and not yet reported done.
_DUE_STATES = ("registered", "studied", "routed", "handling")


def read_incidents(
    connection: sa.Connection, sight: Sight | Everything, *conditions: Condition, limit: int | None = None
) -> list[Json]:
    """The incidents that meet the conditions and may be seen: those that are open first, and of them what is due first."""
    query = (
        sa.select(tables.incidents)
        .where(sight.incidents(), *conditions)
        .order_by(_incidents.turn, _incidents.seq.desc())
        .limit(limit)
    )
    return for_sight(connection, sight, [_incident(row) for row in connection.execute(query)])


def incident_page(connection: sa.Connection, sight: Sight, wanted: IncidentFilter, limit: int) -> Json:
    """``{"incidents": [Incident…], "next": id | null}``; after one that is not there or not seen comes nothing."""
    conditions = _conditions(sight, wanted)
    if wanted.after is not None:
        last = connection.execute(
            sa.select(_incidents.turn, _incidents.seq).where(_incidents.id == wanted.after, sight.incidents())
        ).first()
        if last is None:
            return {"incidents": [], "next": None}
        later = sa.and_(_incidents.turn == last.turn, _incidents.seq < last.seq)
        conditions.append(sa.or_(_incidents.turn > last.turn, later))
    found = read_incidents(connection, sight, *conditions, limit=limit + 1)
    return {"incidents": found[:limit], "next": found[limit - 1]["id"] if len(found) > limit else None}


def _conditions(sight: Sight, wanted: IncidentFilter) -> list[Condition]:
    conditions: list[Condition] = []
    if wanted.states:
        conditions.append(_incidents.state.in_(wanted.states))
    if wanted.late:
        conditions += [_incidents.overdue_at.is_not(None), _incidents.state.in_(_DUE_STATES)]
    for name in ("kind", "category", "urgency", "responsible", "checker", "meeting"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(getattr(_incidents, name) == value)
    if wanted.meeting is not None:
        conditions.append(sight.told_of(_incidents.meeting))
    if wanted.main is not None:
        conditions.append(_incidents.main_id == wanted.main)
    if wanted.about is not None:
        conditions.append(_incidents.about_id == wanted.about)
    if wanted.text:
        columns = (_incidents.title, _incidents.text, _incidents.place, _incidents.number)
        conditions.append(sa.or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.since is not None:
        conditions.append(_incidents.registered_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_incidents.registered_at <= wanted.until)
    if wanted.center is not None:
        concerned = sa.select(_centers.incident).where(sight.below(_centers.center, wanted.center))
        conditions.append(_incidents.id.in_(concerned))
    return conditions


def incident_figures(connection: sa.Connection, sight: Sight) -> Json:
    """``{"open", "late", "mine", "checks"}`` of all that one may see."""
    own = sight.account.center
    doing = _incidents.state.in_(_DUE_STATES)
    counts = {
        "open": sa.true(),
        "late": sa.and_(doing, _incidents.overdue_at.is_not(None)),
        "mine": sa.and_(doing, _incidents.responsible == own),
        "checks": sa.and_(_incidents.state == "completed", _incidents.checker == own),
    }
    sums = [
        sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0).label(name)
        for name, condition in counts.items()
    ]
    query = sa.select(*sums).where(sight.incidents(), _incidents.turn < "1")
    return {name: int(count) for name, count in connection.execute(query).one()._mapping.items()}


def whole_incident(connection: sa.Connection, sight: Sight, incident: str) -> Json | None:
    """One with its time line and its duplicates; None when it does not exist for this account."""
    found = read_incidents(connection, sight, _incidents.id == incident)
    if not found:
        return None
    steps = connection.execute(
        sa.select(tables.incident_steps)
        .where(_steps.incident == incident, sight.told_of(_steps.meeting))
        .order_by(_steps.seq)
    )
    return {
        "incident": found[0],
        "steps": [_step(row) for row in steps],
        "duplicates": read_incidents(connection, sight, _incidents.main_id == incident),
    }


def _incident(row: Any) -> Json:
    plain = (
        "id",
        "number",
        "kind",
        "title",
        "text",
        "category",
        "place",
        "urgency",
        "source",
        "meeting",
        "due",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "site": _json(row.site),
        "about": _json(row.about),
        "attachments": json.loads(row.attachments),
        "state": row.state,
        "overdue_at": row.overdue_at,
        "responsible": {"center": row.responsible, "name": row.responsible_name},
        "checker": {"center": row.checker, "name": row.checker_name},
        "taken_by": {"center": row.center, "name": row.center_name},
        "by": json.loads(row.made_by),
        "main": _json(row.main),
        "returned": row.returned,
        "reopened": row.reopened,
        "registered_at": row.registered_at,
        "changed_at": row.changed_at,
        "closed_at": row.closed_at,
    }


def _step(row: Any) -> Json:
    more = json.loads(row.more)
    return {
        "seq": row.seq,
        "kind": row.kind,
        "at": row.at,
        "meeting": row.meeting,
        "by": _json(row.by),
        "text": row.text,
        "attachments": json.loads(row.attachments),
        "before": more.get("before"),
        "to": more.get("to"),
        "direction": more.get("direction"),
        "other": more.get("main") or more.get("other"),
        "order": more.get("order"),
        "due": more.get("due"),
    }


def _json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
