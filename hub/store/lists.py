"""Pages of orders, reports, alarms and decisions: where one begins, and what the next one begins with.

A page goes by the number of the entry that made a row, newest first. New rows come before the first page, so whoever
pages on meets each row that was there once, in order, whatever is written meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from hub.filters import ListFilter
from hub.state import TARGET_STATES
from hub.store import tables
from hub.store.alarm_rows import in_state, read_alarms
from hub.store.drills import is_real
from hub.store.order_reading import Json, read_decisions, read_orders, read_reports, slowest_step
from hub.store.sight import Condition, Sight


def order_page(connection: sa.Connection, sight: Sight, wanted: ListFilter, limit: int) -> Json:
    """``{"orders": [Order…], "next": id | null}``, newest first."""
    orders, targets = tables.orders.c, tables.order_targets.c
    conditions = _common(sight, tables.orders, orders.issued_at, wanted)
    if wanted.state is not None:
        steps: list[str] = list(TARGET_STATES)
        conditions.append(sa.literal(steps.index(wanted.state)).__eq__(slowest_step(sight)))
    if wanted.priority is not None:
        conditions.append(orders.priority == wanted.priority)
    if wanted.center is not None:
        aimed = sa.select(targets.order_id).where(sight.below(targets.center, wanted.center))
        conditions.append(sa.or_(sight.below(orders.issuer_center, wanted.center), orders.id.in_(aimed)))
    return _page(
        "orders", tables.orders, sight.orders(), read_orders, connection, sight, wanted, conditions, limit
    )


def report_page(connection: sa.Connection, sight: Sight, wanted: ListFilter, limit: int) -> Json:
    """``{"reports": [Report…], "next": id | null}``, newest first."""
    table = tables.reports
    conditions = _of_reports(sight, wanted)
    return _page(
        "reports", table, sight.filed(table), read_reports, connection, sight, wanted, conditions, limit
    )


def report_totals(
    connection: sa.Connection, sight: Sight, wanted: ListFilter
) -> dict[str, tuple[int, int, int]]:
    """Center -> reports, abnormal ones, and the persons that these concern, of all that the list would show but for drills."""
    table = tables.reports
    query = (
        sa.select(
            table.c.center,
            sa.func.count(),
            sa.func.sum(sa.case((table.c.situation == "abnormal", 1), else_=0)),
            sa.func.sum(sa.func.coalesce(table.c.persons, 0)),
        )
        .where(sight.filed(table), is_real(table.c.meeting), *_of_reports(sight, wanted))
        .group_by(table.c.center)
    )
    return {
        center: (reports, int(abnormal), int(persons))
        for center, reports, abnormal, persons in connection.execute(query)
    }


def _of_reports(sight: Sight, wanted: ListFilter) -> list[Condition]:
    table = tables.reports
    conditions = _common(sight, table, table.c.at, wanted)
    if wanted.situation is not None:
        conditions.append(table.c.situation == wanted.situation)
    if wanted.category is not None:
        conditions.append(table.c.category == wanted.category)
    if wanted.urgency is not None:
        conditions.append(table.c.urgency == wanted.urgency)
    if wanted.task is not None:
        conditions.append(table.c.task == wanted.task)
    if wanted.center is not None:
        conditions.append(sight.below(table.c.center, wanted.center))
    if wanted.state is not None:
        alarms = tables.alarms.c
        raised = sa.select(alarms.report).where(alarms.report.is_not(None), in_state(wanted.state))
        conditions.append(table.c.id.in_(raised))
    return conditions


def alarm_page(connection: sa.Connection, sight: Sight, wanted: ListFilter, limit: int) -> Json:
    """``{"alarms": [Alarm…], "next": id | null}``, newest first."""
    table = tables.alarms
    conditions = _common(sight, table, table.c.raised_at, wanted)
    if wanted.state is not None:
        conditions.append(in_state(wanted.state))
    if wanted.kind is not None:
        conditions.append(table.c.kind == wanted.kind)
    if wanted.report is not None:
        conditions.append(table.c.report == wanted.report)
    if wanted.center is not None:
        conditions.append(sight.below(table.c.center, wanted.center))
    return _page(
        "alarms", table, sight.filed(table), read_alarms, connection, sight, wanted, conditions, limit
    )


def decision_page(connection: sa.Connection, sight: Sight, wanted: ListFilter, limit: int) -> Json:
    """``{"decisions": [Decision…], "next": id | null}``, newest first."""
    table = tables.decisions
    conditions = _common(sight, table, table.c.at, wanted)
    if wanted.center is not None:
        conditions.append(sight.below(table.c.center, wanted.center))
    return _page(
        "decisions", table, sight.filed(table), read_decisions, connection, sight, wanted, conditions, limit
    )


def _common(sight: Sight, table: sa.Table, at: sa.ColumnElement[str], wanted: ListFilter) -> list[Condition]:
    conditions: list[Condition] = []
    if wanted.id is not None:
        conditions.append(table.c.id == wanted.id)
    if wanted.meeting is not None:
        conditions += [table.c.meeting == wanted.meeting, sight.told_of(table.c.meeting)]
    if wanted.text:
        conditions.append(_says(table, wanted.text))
    if wanted.since is not None:
        conditions.append(at >= wanted.since)
    if wanted.until is not None:
        conditions.append(at <= wanted.until)
    return conditions


def _says(table: sa.Table, text: str) -> Condition:
    """Whether these words stand in the text, or in the place where a report says it is."""
    said = table.c.text.icontains(text, autoescape=True)
    return sa.or_(said, table.c.place.icontains(text, autoescape=True)) if table is tables.reports else said


def _page(
    name: str,
    table: sa.Table,
    seen: Condition,
    read: Callable[..., list[Json]],
    connection: sa.Connection,
    sight: Sight,
    wanted: ListFilter,
    conditions: Sequence[Condition],
    limit: int,
) -> Json:
    """The rows that meet the conditions, at most `limit`. After a row that is not there or not seen comes nothing."""
    begins: list[Any] = []
    if wanted.before is not None:
        row = sa.select(table.c.seq).where(table.c.id == wanted.before, seen)
        last = connection.execute(row).scalar()
        if last is None:
            return {name: [], "next": None}
        begins.append(table.c.seq < last)
    rows = read(connection, sight, *conditions, *begins, limit=limit + 1)
    return {name: rows[:limit], "next": rows[limit - 1]["id"] if len(rows) > limit else None}
