"""When a center had the word: by the recorded sound where that was listened to, else by what the entries say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.filters import SpokenFilter
from hub.store import tables
from hub.store.order_reading import Json
from hub.store.search import MEETING_SHOWN, shown_meeting
from hub.store.sight import Condition, Sight

_meetings, _spans, _inside = tables.meetings.c, tables.spans.c, tables.participants.c
#: Spans of one meeting that are told.
_MOST: Final = 200


def spoken(connection: sa.Connection, sight: Sight, wanted: SpokenFilter, limit: int) -> Json:
    """``{"groups": [{"meeting", "spans", "more"}…], "next": id | null}``: meetings newest first, their spans by time."""
    conditions = [
        sight.meetings(),
        _meetings.id.in_(sa.select(_spans.meeting).where(*_by(sight, wanted.center))),
    ]
    if wanted.since is not None:
        conditions.append(_meetings.opened_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_meetings.opened_at <= wanted.until)
    if wanted.meeting is not None:
        conditions.append(_meetings.id == wanted.meeting)
    if wanted.before is not None:
        last = connection.execute(sa.select(_meetings.seq).where(_meetings.id == wanted.before)).scalar()
        conditions.append(_meetings.seq < (last or 0))
    query = sa.select(*MEETING_SHOWN).where(*conditions).order_by(_meetings.seq.desc()).limit(limit + 1)
    rows = connection.execute(query).all()
    shown = rows[:limit]
    spans = _spans_of(connection, sight, wanted.center, [row.id for row in shown])
    groups = [
        {
            "meeting": shown_meeting(row),
            "spans": spans[row.id][:_MOST],
            "more": len(spans[row.id]) > _MOST,
        }
        for row in shown
    ]
    return {"groups": groups, "next": shown[-1].id if len(rows) > limit else None}


def _by(sight: Sight, center: str) -> list[Condition]:
    """Spans of somebody of the center, or one below it."""
    there = tables.participants.alias("there").c
    people = (
        sa.exists()
        .where(there.meeting == _spans.meeting, there.account == _spans.account)
        .where(sight.below(there.center, center))
        .correlate(tables.spans)
    )
    return [sa.or_(sight.below(_spans.center, center), people)]


def _spans_of(
    connection: sa.Connection, sight: Sight, center: str, meetings: Sequence[str]
) -> defaultdict[str, list[Json]]:
    query = (
        sa.select(tables.spans, _inside.name, _inside.center.label("seat"), _inside.center_name)
        .outerjoin(
            tables.participants, sa.and_(_inside.meeting == _spans.meeting, _inside.account == _spans.account)
        )
        .where(_spans.meeting.in_(meetings), *_by(sight, center))
        .order_by(_spans.from_at, _spans.seq)
    )
    found: defaultdict[str, list[Json]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.meeting].append(_span(row, sight))
    return found


def _span(row: Any, sight: Sight) -> Json:
    center = row.center or row.seat
    return {
        "why": row.why,
        "account": row.account,
        "center": center,
        "center_name": sight.tree[center].name if center in sight.tree else row.center_name or center,
        "name": row.name or "",
        "from_at": row.from_at,
        "to_at": row.to_at,
    }
