"""Reading orders, reports, decisions and notes, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from hub.directory.secrecy import without_origin
from hub.state import TARGET_STATES
from hub.store import tables
from hub.store.camera_rows import in_listed, listed
from hub.store.decision_rows import decision_of
from hub.store.drills import marked
from hub.store.order_below import read_below
from hub.store.order_rows import COMPLETED
from hub.store.sight import Condition, Everything, Sight, among

Json = dict[str, Any]
Seen = Sight | Everything

_orders, _targets, _words = tables.orders.c, tables.order_targets.c, tables.order_words.c


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
    ids = [row.id for row in rows]
    targets = _read_targets(connection, sight, ids, None if target is None else [target])
    more = {row.id: _more(row) for row in rows}
    _put_versions(connection, more)
    _put_parents(connection, more)
    read = marked(connection, [{**_order(row, targets[row.id]), **more[row.id]} for row in rows])
    return for_sight(connection, sight, read)


def open_orders(connection: sa.Connection, sight: Seen, center: str, limit: int = 500) -> list[Json]:
    """The orders to a center that it has not completed, newest first, with its own row alone."""
    own = sa.select(_targets.order_id).where(_targets.center == center, _targets.step < COMPLETED)
    wanted = sa.and_(_orders.id.in_(own), _orders.ended_at.is_(None))
    return read_orders(connection, sight, wanted, limit=limit, target=center)


def asked_of(connection: sa.Connection, centers: Collection[str]) -> list[str]:
    """Those of these centers that have an order to carry out, ascending: whatever may be read of it."""
    asked = connection.execute(_asked_of(connection.dialect.name), {"centers": listed(centers)})
    return sorted(row.center for row in asked)


@cache
def _asked_of(dialect: str) -> sa.Select[tuple[str]]:
    own = in_listed(_targets.center, sa.bindparam("centers", type_=sa.Text), dialect)
    goes_on = sa.and_(_targets.step < COMPLETED, _orders.ended_at.is_(None))
    joined = tables.order_targets.join(tables.orders, _orders.id == _targets.order_id)
    return sa.select(_targets.center).select_from(joined).where(own, goes_on).distinct()


def for_sight(connection: sa.Connection, sight: Seen, documents: list[Json]) -> list[Json]:
    """The same documents; those that come from a meeting of which the account may not know, without their origin."""
    untold = sight.untold(connection, [each["meeting"] for each in documents])
    return [without_origin(each) if each["meeting"] in untold else each for each in documents]


def _order(row: Any, targets: Sequence[tuple[int, Json]]) -> Json:
    slowest = min((step for step, _ in targets), default=0)
    return {
        "id": row.id,
        "seq": row.seq,
        "meeting": row.meeting,
        "number": row.number,
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


def _more(row: Any) -> Json:
    """What most orders have nothing of."""
    more: Json = {
        name: json.loads(value)
        for name in ("parent", "escalated", "withdrawn")
        if (value := getattr(row, name)) is not None
    }
    if row.supervised_at is not None:
        more["supervised"] = {"at": row.supervised_at, "by": json.loads(row.supervised_by)}
    return more


def _put_versions(connection: sa.Connection, orders: dict[str, Json]) -> None:
    """What they said before they were put right, the first first."""
    if not orders:
        return
    versions = tables.order_versions
    query = sa.select(versions).where(versions.c.order_id.in_(list(orders))).order_by(versions.c.seq)
    for row in connection.execute(query):
        version = {
            "at": row.at,
            "by": json.loads(row.by),
            "reason": row.reason,
            "text": row.text,
            "priority": row.priority,
            "due": row.due,
        }
        orders[row.order_id].setdefault("versions", []).append(version)


def _put_parents(connection: sa.Connection, orders: dict[str, Json]) -> None:
    """Whether the order that one passes down was withdrawn."""
    parents = {order["parent"]["order"] for order in orders.values() if "parent" in order}
    if not parents:
        return
    query = sa.select(_orders.id).where(_orders.id.in_(parents), _orders.withdrawn.is_not(None))
    gone = {row.id for row in connection.execute(query)}
    for order in orders.values():
        if "parent" in order:
            order["parent"]["withdrawn"] = order["parent"]["order"] in gone


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
        told = _target(row)
        found[row.order_id].append((row.step, told))
        by_key[row.order_id, row.center] = told
    if (
        len({center for _, center in by_key}) == 1
    ):  # a station among thousands: not what all the others have reported
        centers = [center for _, center in by_key][:1]
    said = (
        sa.select(tables.order_words)
        .where(_words.order_id.in_(orders), _of(_words.center))
        .order_by(_words.seq)
    )
    for row in connection.execute(said):
        target = by_key.get((row.order_id, row.center))
        if target is not None:
            target["progress"].append(_word(row))
    for key, below in read_below(connection, sight, orders).items():
        if key in by_key:
            by_key[key]["below"] = below
    return found


def _target(row: Any) -> Json:
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
    # an order has up to 2,048 of them, and most have nothing of this
    for name in ("delivered_at", "accepted_at", "due", "asked_due", "returns", "urges"):
        if value := getattr(row, name):
            told[name] = value
    return told


def _word(row: Any) -> Json:
    word: Json = {"at": row.at, "text": row.text, "percent": row.percent, "by": row.by}
    if row.kind != "progress":
        word["kind"] = row.kind
    if row.due is not None:
        word["due"] = row.due
    if row.attachments != "[]":
        word["attachments"] = json.loads(row.attachments)
    return word


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
            "seq": row.seq,
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
    """Decisions, newest first; drafts, and those that were taken back, among them."""
    return [decision_of(row) for row in _read_filed(connection, sight, tables.decisions, conditions, limit)]


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
