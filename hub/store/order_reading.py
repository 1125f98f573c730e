"""Reading orders, reports, decisions and notes, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from hub.state import TARGET_STATES
from hub.store import tables
from hub.store.drills import marked
from hub.store.sight import Condition, Everything, Sight, among

Json = dict[str, Any]
Seen = Sight | Everything

_orders, _targets, _progress = tables.orders.c, tables.order_targets.c, tables.order_progress.c


def slowest_step(sight: Seen) -> sa.ScalarSelect[int]:
    """How far an order has come: the step of the slowest of its targets that the account may see."""
    return (
        sa.select(sa.func.min(_targets.step))
        .where(_targets.order_id == _orders.id, sight.targets())
        .correlate(tables.orders)
        .scalar_subquery()
    )


def read_orders(
    connection: sa.Connection,
    sight: Seen,
    *conditions: Condition,
    limit: int | None = None,
    target: str | None = None,
) -> list[Json]:
    """The orders that meet the conditions and may be seen, newest first; of `target` alone what it has done, where given."""
    query = (
        sa.select(tables.orders).where(sight.orders(), *conditions).order_by(_orders.seq.desc()).limit(limit)
    )
    rows = connection.execute(query).all()
    targets = _read_targets(connection, sight, [row.id for row in rows], None if target is None else [target])
    return marked(connection, [_order(row, targets[row.id]) for row in rows])


def _order(row: Any, targets: Sequence[tuple[int, Json]]) -> Json:
    slowest = min((step for step, _ in targets), default=0)
    return {
        "id": row.id,
        "meeting": row.meeting,
        "text": row.text,
        "priority": row.priority,
        "due": row.due,
        "issuer": json.loads(row.issuer),
        "issued_at": row.issued_at,
        "state": TARGET_STATES[slowest],
        "targets": [target for _, target in targets],
        "attachments": json.loads(row.attachments),
        "about": None if row.about is None else json.loads(row.about),
    }


def _read_targets(
    connection: sa.Connection, sight: Seen, orders: Sequence[str], centers: Collection[str] | None = None
) -> defaultdict[str, list[tuple[int, Json]]]:
    """order id -> (step, target as on the wire), in the order they were named; of all `centers`, or these."""

    def _of(column: Any) -> Condition:
        return among(column, None if centers is None else sorted(centers), connection.dialect.name)

    found: defaultdict[str, list[tuple[int, Json]]] = defaultdict(list)
    by_key: dict[tuple[str, str], Json] = {}
    if not orders:
        return found
    query = (
        sa.select(tables.order_targets)
        .join(tables.orders, _orders.id == _targets.order_id)
        .where(_targets.order_id.in_(orders), sight.targets(), _of(_targets.center))
        .order_by(_targets.order_id, _targets.place)
    )
    for row in connection.execute(query):
        told: Json = {
            "center": row.center,
            "name": row.name,
            "state": TARGET_STATES[row.step],
            "signed_at": row.signed_at,
            "signed_by": row.signed_by,
            "completed_at": row.completed_at,
            "percent": row.percent,
            "progress": [],
        }
        found[row.order_id].append((row.step, told))
        by_key[row.order_id, row.center] = told
    if (
        len({center for _, center in by_key}) == 1
    ):  # a station among thousands: not what all the others have reported
        centers = [center for _, center in by_key][:1]
    progress = (
        sa.select(tables.order_progress)
        .where(_progress.order_id.in_(orders), _of(_progress.center))
        .order_by(_progress.seq)
    )
    for row in connection.execute(progress):
        reported = by_key.get((row.order_id, row.center))
        if reported is not None:
            reported["progress"].append(
                {"at": row.at, "text": row.text, "percent": row.percent, "by": row.by}
            )
    return found


def read_targets(connection: sa.Connection, order: str, centers: Collection[str]) -> dict[str, Json]:
    """These targets of an order, by center, whoever may see them."""
    found = _read_targets(connection, Everything(), [order], centers)[order]
    return {target["center"]: target for _, target in found}


def read_reports(
    connection: sa.Connection, sight: Seen, *conditions: Condition, limit: int | None = None
) -> list[Json]:
    """Reports, newest first."""
    found = [
        {
            "id": row.id,
            "meeting": row.meeting,
            "situation": row.situation,
            "text": row.text,
            "center": row.center,
            "name": row.name,
            "at": row.at,
            "account": row.account,
            "attachments": json.loads(row.attachments),
            "category": row.category,
            "place": row.place,
            "persons": row.persons,
            "urgency": row.urgency,
            "task": row.task,
        }
        for row in _read_filed(connection, sight, tables.reports, conditions, limit)
    ]
    return marked(connection, found)


def read_decisions(
    connection: sa.Connection, sight: Seen, *conditions: Condition, limit: int | None = None
) -> list[Json]:
    """Decisions, newest first."""
    return _read_signed(connection, sight, tables.decisions, conditions, limit)


def read_notes(
    connection: sa.Connection, sight: Seen, *conditions: Condition, limit: int | None = None
) -> list[Json]:
    """Notes, newest first; `at` is the moment meant."""
    return _read_signed(connection, sight, tables.notes, conditions, limit)


def _read_signed(
    connection: sa.Connection,
    sight: Seen,
    table: sa.Table,
    conditions: Sequence[Condition],
    limit: int | None,
) -> list[Json]:
    return [
        {"id": row.id, "meeting": row.meeting, "text": row.text, "by": json.loads(row.by), "at": row.at}
        for row in _read_filed(connection, sight, table, conditions, limit)
    ]


def _read_filed(
    connection: sa.Connection,
    sight: Seen,
    table: sa.Table,
    conditions: Sequence[Condition],
    limit: int | None,
) -> Sequence[Any]:
    query = sa.select(table).where(sight.filed(table), *conditions).order_by(table.c.seq.desc()).limit(limit)
    return connection.execute(query).all()
