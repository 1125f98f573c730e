"""What became of orders that were passed down: how far the targets below are, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.store import tables
from hub.store.order_rows import COMPLETED, SIGNED
from hub.store.sight import Everything, Sight

Json = dict[str, Any]

#: A tree has four levels: so often an order can be passed down.
_DEEPEST: Final = 3


def read_below(
    connection: sa.Connection, sight: Sight | Everything, orders: Sequence[str]
) -> dict[tuple[str, str], list[Json]]:
    """(order, target that passed it down) -> `[{orders, targets, signed, done}]`: of what it issued itself, then of what those
    passed down in turn. Orders that were withdrawn do not count.
    """
    found: dict[tuple[str, str], list[Json]] = {}
    #: An order of the level that was read last -> whose target passed it down at first.
    reached: dict[str, tuple[str, str]] = {}
    parents: Sequence[str] = orders
    for depth in range(_DEEPEST):
        rows = connection.execute(_counts(sight, parents)).all() if parents else []
        above, reached = reached, {}
        for row in rows:
            key = (row.parent_id, row.issuer_center) if depth == 0 else above[row.parent_id]
            reached[row.id] = key
            levels = found.setdefault(key, [])
            if len(levels) <= depth:
                levels.append({"orders": 0, "targets": 0, "signed": 0, "done": 0})
            level = levels[depth]
            level["orders"] += 1
            for name in ("targets", "signed", "done"):
                level[name] += int(getattr(row, name))
        parents = list(reached)
    return found


def _counts(sight: Sight | Everything, parents: Sequence[str]) -> sa.Select[Any]:
    orders, targets = tables.orders.c, tables.order_targets.c
    return (
        sa.select(
            orders.id,
            orders.parent_id,
            orders.issuer_center,
            sa.func.count().label("targets"),
            sa.func.sum(sa.case((targets.step >= SIGNED, 1), else_=0)).label("signed"),
            sa.func.sum(sa.case((targets.step >= COMPLETED, 1), else_=0)).label("done"),
        )
        .join(tables.order_targets, targets.order_id == orders.id)
        .where(orders.parent_id.in_(parents), orders.withdrawn.is_(None), sight.told_of(orders.meeting))
        .group_by(orders.id, orders.parent_id, orders.issuer_center)
    )
