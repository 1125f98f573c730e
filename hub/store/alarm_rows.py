"""Rows of alarms: how entries make and change them, and how they are read, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change
from hub.store.drills import marked
from hub.store.sight import Condition, Everything, Sight

Json = dict[str, Any]

_DELIVER: Final = "UPDATE alarms SET delivered_at = :at, delivered_by = :by WHERE id = :alarm"
_ACKNOWLEDGE: Final = (
    "UPDATE alarms SET acknowledged_at = :at, acknowledged_by = :by, escalates_at = NULL WHERE id = :alarm"
)
_ORDER: Final = "UPDATE alarms SET ordered = :ordered WHERE id = :alarm"
_ESCALATE: Final = "UPDATE alarms SET escalated = :escalated, escalates_at = :next WHERE id = :alarm"
_CLEAR: Final = (
    "UPDATE alarms SET cleared_at = :at, cleared_why = :why, escalates_at = NULL WHERE id = :alarm"
)


# -- made and changed


def _raised(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.alarms,
        {
            "id": data["alarm"],
            "seq": entry.seq,
            "meeting": entry.meeting,
            "kind": data["kind"],
            "severity": data["severity"],
            "center": data["center"],
            "name": data["name"],
            "owner": json_text(data["owner"]),
            "report": data["report"],
            "order_id": data["order"],
            "text": data["text"],
            "words": json_text(data["words"]),
            "raised_at": to_wire(entry.at),
            "escalates_at": data["escalates_at"],
            "escalated": None,
            "delivered_at": None,
            "delivered_by": None,
            "acknowledged_at": None,
            "acknowledged_by": None,
            "ordered": None,
            "cleared_at": None,
            "cleared_why": None,
        },
    )


def _signed(statement: str) -> Callable[[Entry], Iterator[Change]]:
    def project(entry: Entry) -> Iterator[Change]:
        data = entry.data
        yield statement, {"at": to_wire(entry.at), "by": json_text(data["by"]), "alarm": data["alarm"]}

    return project


def _ordered(entry: Entry) -> Iterator[Change]:
    data = entry.data
    ordered = {"at": to_wire(entry.at), "order": data["order"], "by": data["by"]}
    yield _ORDER, {"ordered": json_text(ordered), "alarm": data["alarm"]}


def _escalated(entry: Entry) -> Iterator[Change]:
    data = entry.data
    escalated = {"at": to_wire(entry.at), "center": data["center"], "name": data["name"]}
    yield (
        _ESCALATE,
        {"escalated": json_text(escalated), "next": data["escalates_at"], "alarm": data["alarm"]},
    )


def _cleared(entry: Entry) -> Iterator[Change]:
    yield _CLEAR, {"at": to_wire(entry.at), "why": entry.data["why"], "alarm": entry.data["alarm"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "alarm.raised": _raised,
    "alarm.delivered": _signed(_DELIVER),
    "alarm.acknowledged": _signed(_ACKNOWLEDGE),
    "alarm.ordered": _ordered,
    "alarm.escalated": _escalated,
    "alarm.cleared": _cleared,
}


# -- read


def in_state(state: str) -> Condition:
    """Whether a row is in this one of ALARM_STATES; one that is over is nothing else."""
    alarms = tables.alarms.c
    if state == "cleared":
        return alarms.cleared_at.is_not(None)
    seen = alarms.acknowledged_at.is_(None) if state == "open" else alarms.acknowledged_at.is_not(None)
    return sa.and_(seen, alarms.cleared_at.is_(None))


def read_alarms(
    connection: sa.Connection,
    sight: Sight | Everything,
    *conditions: Condition,
    limit: int | None = None,
) -> list[Json]:
    """Alarms, newest first. The words of an order that is overdue are the order's."""
    table = tables.alarms
    query = sa.select(table).where(sight.filed(table), *conditions).order_by(table.c.seq.desc()).limit(limit)
    rows = connection.execute(query).all()
    orders = tables.orders.c
    named = [row.order_id for row in rows if row.order_id is not None]
    texts: dict[str, str] = {}
    if named:
        found = connection.execute(sa.select(orders.id, orders.text).where(orders.id.in_(named)))
        texts = {row.id: row.text for row in found}
    return marked(connection, [_alarm(row, texts) for row in rows])


def _alarm(row: Any, texts: dict[str, str]) -> Json:
    state = "cleared" if row.cleared_at else "acknowledged" if row.acknowledged_at else "open"
    return {
        "id": row.id,
        "kind": row.kind,
        "severity": row.severity,
        "state": state,
        "center": row.center,
        "name": row.name,
        "owner": json.loads(row.owner),
        "meeting": row.meeting,
        "report": row.report,
        "order": row.order_id,
        "text": row.text or texts.get(row.order_id, ""),
        "words": json.loads(row.words),
        "raised_at": row.raised_at,
        "escalates_at": row.escalates_at,
        "delivered": _by(row.delivered_at, row.delivered_by),
        "acknowledged": _by(row.acknowledged_at, row.acknowledged_by),
        "ordered": None if row.ordered is None else json.loads(row.ordered),
        "escalated": None if row.escalated is None else json.loads(row.escalated),
        "cleared": None if row.cleared_at is None else {"at": row.cleared_at, "why": row.cleared_why},
    }


def _by(at: str | None, by: str | None) -> Json | None:
    return None if at is None or by is None else {"at": at, "by": json.loads(by)}
