"""Finding by words: meetings, and everything that was written and done in them and outside.

Rights are conditions on rows here, never a choice among what was found: so pages are full, and numbers give nothing away.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from hub.directory.grams import marks
from hub.filters import FindFilter
from hub.store import tables
from hub.store.drills import marked
from hub.store.meeting_reading import summaries
from hub.store.order_reading import Json
from hub.store.said_reading import NEWEST, Key, said_keys, said_rows
from hub.store.sight import Condition, Sight

_meetings, _texts = tables.meetings.c, tables.texts.c
#: The columns of `meetings` that are shown with what was found in one.
MEETING_SHOWN: Final = (
    _meetings.id,
    _meetings.title,
    _meetings.kind,
    _meetings.state,
    _meetings.drill,
    _meetings.level,
    _meetings.opened_at,
    _meetings.ended_at,
)
#: Hits are counted up to here; beyond it there are "more than" so many.
COUNTED: Final = 1_000
#: Characters of a text that are shown, and of them before the first hit.
_SHOWN, _BEFORE = 160, 40


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """What meetings are wanted. Times are of opening, as on the wire, both ends included."""

    state: str | None = None
    #: Words that stand all in one text of the meeting, its title among them.
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
            # A word in an order that this account may not read must not give the meeting away.
            matching = sa.select(_texts.meeting).where(
                *_with_words(sight, self.text), _texts.meeting.is_not(None)
            )
            wanted.append(_meetings.id.in_(matching))
        return wanted


def find_meetings(connection: sa.Connection, sight: Sight, wanted: MeetingFilter, limit: int) -> Json:
    """``{"meetings": [Summary…], "next": id | null}``, newest first; with words, each summary has its hits."""
    query = sa.select(tables.meetings).where(*wanted.conditions(sight)).order_by(_meetings.seq.desc())
    if wanted.before is not None:
        last = connection.execute(sa.select(_meetings.seq).where(_meetings.id == wanted.before)).scalar()
        if last is None:
            return {"meetings": [], "next": None}
        query = query.where(_meetings.seq < last)
    rows = connection.execute(query.limit(limit + 1)).all()
    shown = rows[:limit]
    answers = summaries(connection, sight, shown)
    if wanted.text:
        hits = _hits_of(connection, sight, wanted.text, [row.id for row in shown])
        for answer in answers:
            answer["hits"] = hits[answer["id"]]
    return {"meetings": answers, "next": shown[-1].id if len(rows) > limit else None}


def _hits_of(
    connection: sa.Connection, sight: Sight, text: str, meetings: Sequence[str]
) -> defaultdict[str, list[Json]]:
    """meeting -> its texts with these words that the account may read, by seq."""
    query = (
        sa.select(tables.texts)
        .where(_texts.meeting.in_(meetings), *_with_words(sight, text))
        .order_by(_texts.seq)
    )
    found: defaultdict[str, list[Json]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.meeting].append({"seq": row.seq, "at": row.at, "kind": row.kind, "text": row.text})
    return found


def _with_words(sight: Sight, text: str) -> list[Condition]:
    return [tables.texts_index.matches(sight.dialect, text), sight.texts(), _once()]


def find(connection: sa.Connection, sight: Sight, wanted: FindFilter, limit: int) -> Json:
    """Hits, the newest first, grouped by meeting: ``{"groups", "next", "total", "more"}``.

    `total` counts up to COUNTED, `more` says that there are more; both are null on pages behind the first.
    """
    first = wanted.before is None
    most = max(limit, COUNTED) + 1 if first else limit + 1
    written = _written(connection, sight, wanted, most)
    spoken = said_keys(connection, sight, wanted, most)
    # each by its own number; between them by the moment
    both = heapq.merge(written, spoken, key=lambda hit: hit[0], reverse=True)
    page = list(itertools.islice(both, limit))
    count = len(written) + len(spoken)
    ends = wanted.before or (NEWEST, NEWEST)
    last = [
        min((number for _, number, is_said in page if is_said is of_said), default=end)
        for of_said, end in zip((False, True), ends, strict=True)
    ]
    return {
        "groups": _groups(connection, sight, wanted.text, page),
        "next": f"{last[0]}.{last[1]}" if count > len(page) else None,
        "total": min(count, COUNTED) if first else None,
        "more": count > COUNTED if first else None,
    }


def _written(connection: sa.Connection, sight: Sight, wanted: FindFilter, most: int) -> list[Key]:
    if wanted.sorts == {"said"}:
        return []
    query = sa.select(_texts.at, _texts.seq).where(*_conditions(sight, wanted)).order_by(_texts.seq.desc())
    if wanted.before is not None:
        query = query.where(_texts.seq < wanted.before[0])
    return [(row.at, row.seq, False) for row in connection.execute(query.limit(most))]


def _conditions(sight: Sight, wanted: FindFilter) -> list[Condition]:
    conditions = [sight.texts(), _once()]
    if wanted.text:
        conditions.insert(0, tables.texts_index.matches(sight.dialect, wanted.text))
    if wanted.sorts:
        conditions.append(_texts.sort.in_(sorted(wanted.sorts)))
    if wanted.since is not None:
        conditions.append(_texts.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_texts.at <= wanted.until)
    if wanted.meeting is not None:
        # Its number must not be told of whom the meeting does not exist for: of an order one sees the order alone.
        seen = sa.exists().where(_meetings.id == _texts.meeting, sight.meetings())
        conditions += [_texts.meeting == wanted.meeting, seen]
    if wanted.center is not None:
        conditions.append(_of_center(sight, wanted.center))
    if wanted.state is not None:
        conditions.append(_is_open() if wanted.state == "open" else sa.not_(_is_open()))
    return conditions


def _once() -> Condition:
    """Who came again is found where he came first."""
    inside = tables.participants.c
    came = sa.exists().where(
        inside.meeting == _texts.meeting, inside.seq == _texts.seq, inside.center == _texts.center
    )
    return sa.or_(_texts.kind != "meeting.joined", came)


def _of_center(sight: Sight, center: str) -> Condition:
    targets, concerned = tables.order_targets.c, tables.incident_centers.c
    # Asked for once a search, and not once a row: each lists the codes of a whole subtree.
    aimed = sa.select(targets.order_id).where(sight.below(targets.center, center))
    about = sa.select(concerned.incident).where(sight.below(concerned.center, center))
    return sa.or_(
        sight.below(_texts.center, center),
        sa.and_(_texts.sort == "order", _texts.subject.in_(aimed)),
        sa.and_(_texts.sort == "incident", _texts.subject.in_(about)),
    )


def _is_open() -> Condition:
    orders, incidents = tables.orders.c, tables.incidents.c
    of_order = sa.exists().where(orders.id == _texts.subject, orders.ended_at.is_(None))
    of_incident = sa.exists().where(incidents.id == _texts.subject, incidents.turn < "1")
    of_meeting = sa.exists().where(_meetings.id == _texts.meeting, _meetings.state == "open")
    tasks, bookings = tables.tasks.c, tables.bookings.c
    of_task = sa.exists().where(tasks.id == _texts.subject, tasks.ended_at.is_(None))
    comes = bookings.state.in_(("proposed", "approved", "noticed", "opened"))
    of_booking = sa.exists().where(bookings.id == _texts.subject, comes)
    return sa.case(
        (_texts.sort == "task", of_task),
        (_texts.sort == "booking", of_booking),
        (_texts.sort.in_(("order", "answer")), of_order),
        (_texts.sort == "incident", of_incident),
        else_=of_meeting,
    )


def _groups(connection: sa.Connection, sight: Sight, words: str, page: Sequence[Key]) -> list[Json]:
    """Neighbours of one meeting together; what stands outside meetings each by itself."""
    seqs = [number for _, number, is_said in page if not is_said]
    rows: dict[tuple[int, bool], Any] = {
        (row.seq, False): row
        for row in connection.execute(sa.select(tables.texts).where(_texts.seq.in_(seqs)))
    }
    for line in said_rows(connection, [number for _, number, is_said in page if is_said]):
        rows[line.seq, True] = line
    hits = marked(
        connection,
        [_hit(rows[number, is_said], words) for _, number, is_said in page if (number, is_said) in rows],
    )
    named = sorted({hit["meeting"] for hit in hits if hit["meeting"] is not None})
    query = sa.select(*MEETING_SHOWN).where(_meetings.id.in_(named), sight.meetings())
    seen = {row.id: row for row in connection.execute(query)}
    groups: dict[Any, Json] = {}
    for hit in hits:
        meeting = seen.get(hit["meeting"])
        hit["meeting"] = None if meeting is None else meeting.id
        key = (hit["sort"] == "said", hit["seq"]) if meeting is None else meeting.id
        if key not in groups:
            groups[key] = {"meeting": None if meeting is None else shown_meeting(meeting), "hits": []}
        groups[key]["hits"].append(hit)
    return list(groups.values())


def shown_meeting(row: Any) -> Json:
    """What is shown of the meeting in a row with MEETING_SHOWN."""
    return {column.name: getattr(row, column.name) for column in MEETING_SHOWN}


def _hit(row: Any, words: str) -> Json:
    plain = ("seq", "meeting", "sort", "kind", "at", "subject", "center", "who")
    found = marks(row.text, words)
    start = max(0, found[0][0] - _BEFORE) if found else 0
    if len(row.text) <= _SHOWN or len(row.text) - start < _SHOWN:
        start = max(0, min(start, len(row.text) - _SHOWN))
    end = start + _SHOWN
    return {
        **{name: getattr(row, name) for name in plain},
        "text": row.text[start:end],
        "marks": [[a - start, min(b, end) - start] for a, b in found if a < end],
        "who_marks": [list(each) for each in marks(row.who, words)],
        "cut_before": start > 0,
        "cut_after": end < len(row.text),
    }
