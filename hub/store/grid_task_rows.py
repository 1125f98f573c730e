"""Orders in grids: what entries change in the database, and what is read of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.directory.secrecy import NORMAL
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change
from hub.store.camera_rows import in_listed, listed
from hub.store.sight import Everything, Sight

Json = dict[str, Any]
_SIGNED: Final = (
    "UPDATE grid_tasks SET state = 'signed', signed_at = :at, signed_by = :account WHERE id = :task"
)
_REPORTED: Final = (
    "UPDATE grid_tasks SET state = :state, told_at = :at, told_by = :account, text = :text, photos = :photos,"
    " over_at = :over WHERE id = :task"
)
_OVER: Final = "UPDATE grid_tasks SET state = :state, over_at = :at, reason = :reason WHERE id = :task"
_MOVED: Final = "UPDATE grid_tasks SET grid = :grid WHERE id = :task"
_tasks = tables.grid_tasks.c


def _given(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.grid_tasks,
        {
            "id": data["task"],
            "seq": entry.seq,
            "order_id": data["order"],
            **{name: data[name] for name in ("center", "grid", "note")},
            "state": "given",
            "given_at": to_wire(entry.at),
            "given_by": json_text(data["by"]),
            **dict.fromkeys(("signed_at", "signed_by", "told_at", "told_by", "over_at")),
            **dict.fromkeys(("text", "photos", "reason"), ""),
        },
    )


def _by(entry: Entry) -> Json:
    return {"task": entry.data["task"], "at": to_wire(entry.at), "account": entry.actor.account}


def _signed(entry: Entry) -> Iterator[Change]:
    yield _SIGNED, _by(entry)


def _reported(entry: Entry) -> Iterator[Change]:
    data, done = entry.data, entry.data["done"]
    told = {
        "state": "done" if done else "reported",
        "over": to_wire(entry.at) if done else None,
        "text": data["text"],
        "photos": json_text(data["photos"]) if data["photos"] else "",
    }
    yield _REPORTED, {**_by(entry), **told}


def _withdrawn(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        _OVER,
        {"task": data["task"], "at": to_wire(entry.at), "state": "withdrawn", "reason": data["reason"]},
    )


def _ended(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _OVER, {"task": data["task"], "at": to_wire(entry.at), "state": "ended", "reason": data["why"]}


def _moved(entry: Entry) -> Iterator[Change]:
    yield _MOVED, {"task": entry.data["task"], "grid": entry.data["grid"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "gridtask.given": _given,
    "gridtask.signed": _signed,
    "gridtask.reported": _reported,
    "gridtask.withdrawn": _withdrawn,
    "gridtask.ended": _ended,
    "gridtask.moved": _moved,
}


def tasks_of_order(connection: sa.Connection, sight: Sight | Everything, order: str) -> list[Json]:
    """Where an order is in grids that are seen, by grid, the oldest first."""
    query = _query().where(sight.grid_tasks(), _tasks.order_id == order)
    return [_told(row) for row in connection.execute(query.order_by(_tasks.grid, _tasks.seq))]


def grids_of_orders(
    connection: sa.Connection, sight: Sight | Everything, orders: Collection[str]
) -> dict[str, Json]:
    """Of orders that are in grids which are seen: in how many (`given`), and in how many of them all is done (`done`).

    What was taken back does not count.
    """
    goes_on = sa.case((_tasks.state == "done", 0), else_=1)
    by_grid = (
        sa.select(_tasks.order_id, sa.func.max(goes_on).label("goes_on"))
        .where(_tasks.order_id.in_(list(orders)), _tasks.state != "withdrawn", sight.grid_tasks())
        .group_by(_tasks.order_id, _tasks.grid)
        .subquery()
    )
    given = sa.func.count().label("given")
    counted = sa.select(by_grid.c.order_id, given, sa.func.sum(by_grid.c.goes_on).label("going"))
    return {
        row.order_id: {"given": int(row.given), "done": int(row.given) - int(row.going)}
        for row in connection.execute(counted.group_by(by_grid.c.order_id))
    }


def given_with(connection: sa.Connection, sight: Sight, digest: str) -> bool:
    """Whether this file came with an order that goes on in a grid of this account's own."""
    orders = tables.orders.c
    query = (
        sa.select(_tasks.id)
        .join(tables.orders, orders.id == _tasks.order_id)
        .where(sight.grid_tasks(), _tasks.over_at.is_(None), orders.attachments.contains(f'"{digest}"'))
    )
    return connection.execute(query.limit(1)).first() is not None


def tasks_of_grids(connection: sa.Connection, grids: Collection[str], since: str) -> list[Json]:
    """Orders in these grids that go on, or were over since a moment, with what they say, the oldest first.

    None of a meeting that is secret by now: a phone in a grid is nobody's who is cleared.
    """
    query = _of_grids(connection.dialect.name)
    found = []
    for row in connection.execute(query, {"grids": listed(grids), "since": since}):
        issuer = json.loads(row.issuer)
        more = {name: getattr(row, name) for name in ("number", "says", "priority", "due")}
        files = json.loads(row.attachments) if row.attachments else []
        found.append({**_told(row), **more, "issuer": issuer["center_name"], "attachments": files})
    return found


@cache
def _of_grids(dialect: str) -> sa.Select[Any]:
    orders, meetings = tables.orders.c, tables.meetings.c
    goes_on = sa.or_(_tasks.over_at.is_(None), _tasks.over_at >= sa.bindparam("since", type_=sa.Text))
    secret = sa.exists().where(meetings.id == orders.meeting, meetings.level != NORMAL)
    says = orders.text.label("says")
    return (
        _query(orders.number, says, orders.priority, orders.due, orders.issuer, orders.attachments)
        .join(tables.orders, orders.id == _tasks.order_id)
        .where(in_listed(_tasks.grid, sa.bindparam("grids", type_=sa.Text), dialect), goes_on)
        .where(sa.not_(secret.correlate(tables.orders)))
        .order_by(_tasks.seq)
    )


def _query(*more: Any) -> sa.Select[Any]:
    signers, tellers = tables.accounts.alias(), tables.accounts.alias()
    joined = tables.grid_tasks.outerjoin(signers, signers.c.id == _tasks.signed_by).outerjoin(
        tellers, tellers.c.id == _tasks.told_by
    )
    names = signers.c.name.label("signer_name"), tellers.c.name.label("teller_name")
    return sa.select(tables.grid_tasks, *names, *more).select_from(joined)


def _told(row: Any) -> Json:
    plain = (
        "center",
        "grid",
        "state",
        "note",
        "given_at",
        "signed_at",
        "told_at",
        "text",
        "over_at",
        "reason",
    )
    return {
        "task": row.id,
        "order": row.order_id,
        **{name: getattr(row, name) for name in plain},
        "by": json.loads(row.given_by),
        "signed_by": row.signer_name or "",
        "told_by": row.teller_name or "",
        "photos": json.loads(row.photos) if row.photos else [],
    }
