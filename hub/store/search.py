"""Finding meetings: by state, time and center, and by words in what was said and ordered.

A search for words looks at every text (`LIKE '%…%'`): the shortest Chinese words have two characters, which no index of
either database finds by trigrams. 100,000 texts take some 50 ms.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hub.store import tables
from hub.store.meeting_reading import summaries
from hub.store.order_reading import Json
from hub.store.sight import Condition, Sight

_meetings, _texts = tables.meetings.c, tables.texts.c


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """What meetings are wanted. Times are of opening, as on the wire, both ends included."""

    state: str | None = None
    #: Words in the title or in a text of the meeting, as written.
    text: str | None = None
    since: str | None = None
    until: str | None = None
    #: A center that it or one below is called.
    center: str | None = None
    #: Only meetings opened before the one with this id.
    before: str | None = None

    def conditions(self, sight: Sight) -> list[Condition]:
        """The conditions on rows of `meetings`, sight included."""
        wanted = [sight.meetings()]
        if self.state is not None:
            wanted.append(_meetings.state == self.state)
        if self.since is not None:
            wanted.append(_meetings.opened_at >= self.since)
        if self.until is not None:
            wanted.append(_meetings.opened_at <= self.until)
        if self.center is not None:
            called = tables.meeting_centers.c
            ids = sa.select(called.meeting).where(sight.below(called.center, self.center))
            wanted.append(_meetings.id.in_(ids))
        if self.text:
            matching = sa.select(_texts.meeting).where(_texts.text.icontains(self.text, autoescape=True))
            wanted.append(_meetings.id.in_(matching))
        return wanted


def find_meetings(connection: sa.Connection, sight: Sight, wanted: MeetingFilter, limit: int) -> Json:
    """``{"meetings": [Summary…], "next": id | null}``, newest first; with words, each summary has its hits."""
    last = None
    if wanted.before is not None:
        last = connection.execute(sa.select(_meetings.seq).where(_meetings.id == wanted.before)).scalar()
        if last is None:
            return {"meetings": [], "next": None}
    conditions = wanted.conditions(sight)
    found: list[Any] = []
    hits: dict[str, list[Json]] = {}
    while len(found) <= limit:
        query = sa.select(tables.meetings).where(*conditions).order_by(_meetings.seq.desc()).limit(limit + 1)
        if last is not None:
            query = query.where(_meetings.seq < last)
        rows = connection.execute(query).all()
        if wanted.text:
            # A word in an order that this account may not read must not give the meeting away.
            piece = _hits(connection, sight, wanted.text, [row.id for row in rows])
            hits.update(piece)
            found += [row for row in rows if row.id in piece]
        else:
            found += rows
        if len(rows) <= limit:
            break
        last = rows[-1].seq
    shown = found[:limit]
    answers = summaries(connection, sight, shown)
    if wanted.text:
        for answer in answers:
            answer["hits"] = hits[answer["id"]]
    return {"meetings": answers, "next": shown[-1].id if len(found) > limit else None}


def _hits(
    connection: sa.Connection, sight: Sight, text: str, meetings: Sequence[str]
) -> dict[str, list[Json]]:
    """meeting -> its texts with these words that the account may read, by seq."""
    query = (
        sa.select(tables.texts)
        .where(_texts.meeting.in_(meetings), _texts.text.icontains(text, autoescape=True))
        .order_by(_texts.seq)
    )
    found: defaultdict[str, list[Json]] = defaultdict(list)
    for row in connection.execute(query):
        if sight.reads(row.kind, json.loads(row.audience), True):
            found[row.meeting].append({"seq": row.seq, "at": row.at, "kind": row.kind, "text": row.text})
    return dict(found)
