"""Which documents come from a drill: those of its meeting. Marked wherever they are read, and counted nowhere."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hub.store import tables

Json = dict[str, Any]


def is_real(meeting: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a row with this meeting, or none, counts: those of drills do not."""
    meetings = tables.meetings.c
    drills = sa.select(meetings.id).where(meetings.drill)
    return sa.or_(meeting.is_(None), meeting.not_in(drills))


def marked(connection: sa.Connection, documents: list[Json]) -> list[Json]:
    """The same documents, each with `drill`: whether its `meeting` is one."""
    meetings = tables.meetings.c
    named = sorted({each["meeting"] for each in documents if each["meeting"] is not None})
    found = (
        connection.scalars(sa.select(meetings.id).where(meetings.id.in_(named), meetings.drill)).all()
        if named
        else ()
    )
    drills = frozenset(found)
    return [{**each, "drill": each["meeting"] in drills} for each in documents]
