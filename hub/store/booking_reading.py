"""Reading bookings and templates, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from hub.filters import BookingFilter
from hub.store import tables
from hub.store.sight import Condition, Everything, Sight

Json = dict[str, Any]
_bookings, _templates = tables.bookings.c, tables.templates.c


def read_bookings(
    connection: sa.Connection, sight: Sight | Everything, *conditions: Condition, whole: bool = False
) -> list[Json]:
    """The bookings that meet the conditions and may be seen, the earliest first; `whole`: with the codes of all called."""
    query = (
        sa.select(tables.bookings)
        .where(sight.bookings(), *conditions)
        .order_by(_bookings.starts_at, _bookings.id)
    )
    return [_booking(row, whole) for row in connection.execute(query)]


def booking_page(connection: sa.Connection, sight: Sight, wanted: BookingFilter, limit: int) -> Json:
    """``{"bookings": [Booking…], "next": id | null}`` by their start; after one that is not there or not seen comes nothing."""
    conditions = [sight.bookings()]
    if wanted.states:
        conditions.append(_bookings.state.in_(wanted.states))
    if wanted.text:
        conditions.append(_bookings.title.icontains(wanted.text, autoescape=True))
    if wanted.since is not None:
        conditions.append(_bookings.starts_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_bookings.starts_at <= wanted.until)
    if wanted.center is not None:
        called = tables.booking_centers.c
        aimed = sa.select(called.booking).where(sight.below(called.center, wanted.center))
        conditions.append(
            sa.or_(
                sight.below(_bookings.center, wanted.center),
                sa.and_(_bookings.announced, _bookings.id.in_(aimed)),
            )
        )
    if wanted.after is not None:
        last = connection.execute(
            sa.select(_bookings.starts_at, _bookings.id).where(_bookings.id == wanted.after, sight.bookings())
        ).first()
        if last is None:
            return {"bookings": [], "next": None}
        place = sa.tuple_(_bookings.starts_at, _bookings.id)
        there = sa.tuple_(sa.literal(last.starts_at), sa.literal(last.id))
        conditions.append(place < there if wanted.latest_first else place > there)
    order = [_bookings.starts_at, _bookings.id]
    if wanted.latest_first:
        order = [column.desc() for column in order]  # type: ignore[misc]
    query = sa.select(tables.bookings).where(*conditions).order_by(*order).limit(limit + 1)
    found = [_booking(row, False) for row in connection.execute(query)]
    return {"bookings": found[:limit], "next": found[limit - 1]["id"] if len(found) > limit else None}


def _booking(row: Any, whole: bool) -> Json:
    plain = (
        *(
            "id",
            "title",
            "kind",
            "starts_at",
            "minutes",
            "record",
            "drill",
            "level",
            "notice_minutes",
            "by_itself",
            "note",
        ),
        *(
            "template",
            "state",
            "sequence",
            "called",
            "meeting",
            "reason",
            "decided_at",
            "made_at",
            "changed_at",
        ),
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "by": json.loads(row.made_by),
        "chair": json.loads(row.chair),
        "backup": None if row.backup is None else json.loads(row.backup),
        "names": json.loads(row.names),
        "line": json.loads(row.line),
        "decided_by": None if row.decided_by is None else json.loads(row.decided_by),
        "centers": json.loads(row.centers) if whole else [],
    }


def read_templates(
    connection: sa.Connection, sight: Sight | Everything, *conditions: Condition, limit: int | None = None
) -> list[Json]:
    """Templates, newest first."""
    query = (
        sa.select(tables.templates)
        .where(sight.templates(), *conditions)
        .order_by(_templates.seq.desc())
        .limit(limit)
    )
    plain = ("id", "scope", "title", "kind", "record", "minutes", "notice_minutes", "note", "saved_at")
    return [
        {
            **{name: getattr(row, name) for name in plain},
            **{name: json.loads(getattr(row, name)) for name in ("centers", "names")},
            "reaches": [{"only": False, **each} for each in json.loads(row.groups)],
            "by": json.loads(row.made_by),
        }
        for row in connection.execute(query)
    ]


def template_page(connection: sa.Connection, sight: Sight, before: str | None, limit: int) -> Json:
    """``{"templates": [Template…], "next": id | null}``, newest first."""
    begins: list[Condition] = []
    if before is not None:
        row = sa.select(_templates.seq).where(_templates.id == before, sight.templates())
        last = connection.execute(row).scalar()
        if last is None:
            return {"templates": [], "next": None}
        begins.append(_templates.seq < last)
    found = read_templates(connection, sight, *begins, limit=limit + 1)
    return {"templates": found[:limit], "next": found[limit - 1]["id"] if len(found) > limit else None}
