"""When a center had the word: by the recorded sound where that was listened to, else by what the entries say."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.filters import SpokenFilter
from hub.store import tables
from hub.store.order_reading import Json
from hub.store.search import MEETING_SHOWN, shown_meeting
from hub.store.sight import Condition, Sight

_meetings, _spans, _inside = tables.meetings.c, tables.spans.c, tables.participants.c
_voices = tables.voices.c
#: A pause for thought within what one says.
_PAUSE_MS: Final = 3_000
#: Spans of one meeting that are told.
_MOST: Final = 200


def spoken(connection: sa.Connection, sight: Sight, wanted: SpokenFilter, limit: int) -> Json:
    """``{"groups": [{"meeting", "spans", "more"}…], "next": id | null}``: meetings newest first, their spans by time."""
    conditions = [
        sight.meetings(),
        sa.or_(
            _meetings.id.in_(sa.select(_spans.meeting).where(*_by(sight, wanted.center))),
            _meetings.id.in_(sa.select(_voices.meeting).where(*_heard(sight, wanted.center))),
        ),
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
    ids = [row.id for row in shown]
    spans = _spans_of(connection, sight, wanted.center, ids)
    # What is heard says it better than who had the word.
    spans.update(_voices_of(connection, sight, wanted.center, ids))
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


def _heard(sight: Sight, center: str) -> list[Condition]:
    return [_voices.spoken_ms > 0, sight.below(_voices.center, center)]


def _voices_of(
    connection: sa.Connection, sight: Sight, center: str, meetings: Sequence[str]
) -> dict[str, list[Json]]:
    query = (
        sa.select(tables.voices)
        .where(_voices.meeting.in_(meetings), *_heard(sight, center))
        .order_by(_voices.started_at, _voices.part)
    )
    found: defaultdict[str, list[Json]] = defaultdict(list)
    for row in connection.execute(query):
        started = from_wire(row.started_at)
        for start, end in _turns(json.loads(row.spans)):
            span = {
                "why": "voice",
                "account": row.participant,
                "center": row.center,
                "center_name": sight.tree[row.center].name if row.center in sight.tree else row.center,
                "name": row.name,
                "from_at": to_wire(started + timedelta(milliseconds=start)),
                "to_at": to_wire(started + timedelta(milliseconds=end)),
            }
            found[row.meeting].append(span)
    return {meeting: sorted(spans, key=lambda span: span["from_at"]) for meeting, spans in found.items()}


def _turns(spans: Sequence[Sequence[int]]) -> list[list[int]]:
    """Spans as somebody who looks for them takes them: with pauses for thought inside."""
    turns: list[list[int]] = []
    for start, end in spans:
        if turns and start - turns[-1][1] < _PAUSE_MS:
            turns[-1][1] = end
        else:
            turns.append([start, end])
    return turns


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
