"""The ledger of orders (指令台账): a line an order, with how far it is in numbers instead of its targets; the late first."""

from __future__ import annotations

import json
from typing import Any, Final

import sqlalchemy as sa

from hub.filters import LedgerFilter
from hub.state import TARGET_STATES
from hub.store import tables
from hub.store.drills import marked
from hub.store.grid_task_rows import grids_of_orders
from hub.store.order_reading import for_sight
from hub.store.order_rows import ACCEPTED, COMPLETED, RETURNED, SIGNED
from hub.store.sight import Condition, Sight

Json = dict[str, Any]

_orders, _targets = tables.orders.c, tables.order_targets.c
#: States by which the latest is listed first; of the others what is due first.
_BY_NEWEST: Final = ("ended", "all")


def ledger_page(connection: sa.Connection, sight: Sight, wanted: LedgerFilter, now: str, limit: int) -> Json:
    """``{"orders": [OrderLine…], "next": id | null, "sums"}``; `now` as on the wire decides what is late."""
    common = [sight.orders(), *_common(sight, wanted)]
    newest = wanted.state in _BY_NEWEST
    conditions = [*common, *_in_state(sight, wanted.state, now)]
    if wanted.before is not None:
        last = connection.execute(
            sa.select(_orders.due, _orders.seq).where(_orders.id == wanted.before, sight.orders())
        ).first()
        if last is None:
            return {"orders": [], "next": None, "sums": None}
        conditions.append(_orders.seq < last.seq if newest else _after(last))
    order = [_orders.seq.desc()] if newest else [_orders.due.is_(None), _orders.due, _orders.seq.desc()]
    query = sa.select(tables.orders).where(*conditions).order_by(*order).limit(limit + 1)
    rows = connection.execute(query).all()
    lines = _lines(connection, sight, rows[:limit], now)
    return {
        "orders": lines,
        "next": rows[limit - 1].id if len(rows) > limit else None,
        "sums": _sums(connection, sight, common, now) if wanted.before is None else None,
    }


def _common(sight: Sight, wanted: LedgerFilter) -> list[Condition]:
    conditions: list[Condition] = []
    own = sight.account.center
    aimed = sa.select(_targets.order_id)
    if wanted.side == "issued":
        conditions.append(_orders.issuer_center == own)
    elif wanted.side == "received":
        conditions.append(_orders.id.in_(aimed.where(_targets.center == own)))
    elif wanted.side == "below":
        conditions.append(_orders.issuer_center != own)
        conditions.append(sight.below(_orders.issuer_center, own))
    if wanted.center is not None:
        below = aimed.where(sight.below(_targets.center, wanted.center))
        conditions.append(sa.or_(sight.below(_orders.issuer_center, wanted.center), _orders.id.in_(below)))
    if wanted.priority is not None:
        conditions.append(_orders.priority == wanted.priority)
    if wanted.supervised:
        conditions.append(_orders.supervised_at.is_not(None))
    if wanted.about is not None:
        conditions.append(_orders.about_id == wanted.about)
    if wanted.text:
        found = [column.icontains(wanted.text, autoescape=True) for column in (_orders.text, _orders.number)]
        conditions.append(sa.or_(*found))
    return conditions


def _late(now: str) -> Condition:
    return sa.and_(_targets.step < COMPLETED, sa.func.coalesce(_targets.due, _orders.due) <= now)


def _in_state(sight: Sight, state: str, now: str) -> list[Condition]:
    """Whether an order is in a state for whom it is listed: by those of its targets that he sees."""
    if state == "all":
        return []
    if state == "ended":
        return [sa.not_(_some(sight, _targets.step < ACCEPTED))]
    steps: dict[str, Condition] = {
        "open": _targets.step < ACCEPTED,
        "unsigned": _targets.step < SIGNED,
        "doing": sa.and_(_targets.step >= SIGNED, _targets.step < COMPLETED),
        "late": _late(now),
        "check": _targets.step == COMPLETED,
        "asked": _targets.asked_due.is_not(None),
    }
    return [_orders.ended_at.is_(None), _some(sight, steps[state])]


def _some(sight: Sight, condition: Condition) -> Condition:
    """Whether one of its targets is so; of an order that is over none is."""
    one = sa.exists().where(_targets.order_id == _orders.id, condition, sight.targets())
    return sa.and_(_orders.ended_at.is_(None), one.correlate(tables.orders))


def _after(last: Any) -> Condition:
    if last.due is None:
        return sa.and_(_orders.due.is_(None), _orders.seq < last.seq)
    same = sa.and_(_orders.due == last.due, _orders.seq < last.seq)
    return sa.or_(_orders.due.is_(None), _orders.due > last.due, same)


def _sums(connection: sa.Connection, sight: Sight, common: list[Condition], now: str) -> Json:
    """How many orders are in each state, by the same filter."""
    wanted = [
        sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*_in_state(sight, state, now)), 1), else_=0)), 0).label(
            state
        )
        for state in ("open", "unsigned", "late", "check", "asked")
    ]
    query = sa.select(*wanted).select_from(tables.orders).where(_orders.ended_at.is_(None), *common)
    return {name: int(value) for name, value in connection.execute(query).mappings().one().items()}


def _lines(connection: sa.Connection, sight: Sight, rows: Any, now: str) -> list[Json]:
    ids = [row.id for row in rows]
    if not ids:
        return []

    def count(condition: Condition) -> Any:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    counted = (
        sa.select(
            _targets.order_id,
            sa.func.count().label("targets"),
            count(_targets.step >= SIGNED).label("signed"),
            count(_targets.step == RETURNED).label("returned"),
            count(_targets.step >= COMPLETED).label("done"),
            count(_targets.step == ACCEPTED).label("accepted"),
            count(_late(now)).label("late"),
            count(_targets.asked_due.is_not(None)).label("asked"),
        )
        .join(tables.orders, _orders.id == _targets.order_id)
        .where(_targets.order_id.in_(ids), sight.targets())
        .group_by(_targets.order_id)
    )
    counts = {
        row.order_id: {name: int(value) for name, value in row._mapping.items() if name != "order_id"}
        for row in connection.execute(counted)
    }
    own_query = sa.select(tables.order_targets).where(
        _targets.order_id.in_(ids), _targets.center == sight.account.center
    )
    own = {row.order_id: row for row in connection.execute(own_query)}
    versions = tables.order_versions.c
    corrected = set(
        connection.execute(sa.select(versions.order_id).where(versions.order_id.in_(ids))).scalars()
    )
    grids = grids_of_orders(connection, sight, ids)
    lines = [
        _line(row, counts.get(row.id, {}), own.get(row.id), row.id in corrected)
        | {"grids": grids.get(row.id)}
        for row in rows
    ]
    return for_sight(connection, sight, marked(connection, lines))


_NONE: Final = dict.fromkeys(("targets", "signed", "returned", "done", "accepted", "late", "asked"), 0)


def _line(row: Any, counts: Json, own: Any, corrected: bool) -> Json:
    mine = None
    if own is not None:
        mine = {
            "state": TARGET_STATES[own.step],
            "due": own.due or row.due,
            "returns": own.returns,
            "urges": own.urges,
        }
    return {
        "id": row.id,
        "meeting": row.meeting,
        "number": row.number,
        "text": row.text,
        "priority": row.priority,
        "due": row.due,
        "issuer": json.loads(row.issuer),
        "issued_at": row.issued_at,
        "parent": None if row.parent is None else json.loads(row.parent),
        "supervised": row.supervised_at is not None,
        "escalated": None if row.escalated is None else json.loads(row.escalated),
        "withdrawn": row.withdrawn is not None,
        "corrected": corrected,
        "ended": row.ended_at is not None,
        "counts": {**_NONE, **counts},
        "own": mine,
    }
