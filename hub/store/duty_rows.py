"""Rows of duty: how entries make and change them; how turns and a center's log are read, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry, center_audience
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change
from hub.store.rows import entry_of
from hub.store.sight import Sight

Json = dict[str, Any]

_HAND: Final = "UPDATE duty_turns SET handed_at = :at, note = :note WHERE id = :turn"
_RELIEVE: Final = "UPDATE duty_turns SET relieved_at = :at, relieved_by = :by WHERE id = :turn"
#: The parts of a note.
NOTE: Final = ("situation", "done", "to_do", "resources", "remarks")


def _taken(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.duty_turns,
        {
            "id": data["turn"],
            "seq": entry.seq,
            "center": data["center"],
            "name": data["name"],
            "post": data["post"],
            "taken_by": json_text(data["by"]),
            "taken_at": to_wire(entry.at),
            "handed_at": None,
            "note": None,
            "relieved_at": None,
            "relieved_by": None,
        },
    )


def _handed(entry: Entry) -> Iterator[Change]:
    note = json_text({part: entry.data[part] for part in NOTE})
    yield _HAND, {"at": to_wire(entry.at), "note": note, "turn": entry.data["turn"]}


def _relieved(entry: Entry) -> Iterator[Change]:
    yield _RELIEVE, {"at": to_wire(entry.at), "by": entry.data["name"], "turn": entry.data["turn"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "duty.taken": _taken,
    "duty.handed": _handed,
    "duty.relieved": _relieved,
}


def turn_page(connection: sa.Connection, center: str, before: str | None, limit: int) -> Json:
    """``{"turns": [DutyPast…], "next": id | null}`` of a center, newest first. Who may read it is for the caller to check."""
    turns = tables.duty_turns.c
    query = sa.select(tables.duty_turns).where(turns.center == center)
    if before is not None:
        last = sa.select(turns.seq).where(turns.id == before, turns.center == center)
        query = query.where(turns.seq < last.scalar_subquery())
    rows = connection.execute(query.order_by(turns.seq.desc()).limit(limit + 1)).all()
    found = [_turn(row) for row in rows[:limit]]
    return {"turns": found, "next": found[-1]["id"] if len(rows) > limit else None}


def _turn(row: Any) -> Json:
    plain = ("id", "center", "name", "post", "taken_at", "handed_at", "relieved_at", "relieved_by")
    return {
        **{name: getattr(row, name) for name in plain},
        "by": json.loads(row.taken_by),
        "note": None if row.note is None else json.loads(row.note),
    }


# -- the log

#: What a center's log tells: beginnings of kinds, and single kinds of meetings.
LOGGED: Final = ("alarm.", "decision.", "duty.", "incident.", "order.", "report.", "task.")
_OF_CALLS: Final = ("meeting.opened", "meeting.ended")
_OF_MEETINGS: Final = (*_OF_CALLS, "meeting.joined", "meeting.left", "meeting.declined")
#: What the hub keeps for itself.
_UNTOLD: Final = ("duty.plan_over",)


def duty_log(
    connection: sa.Connection,
    sight: Sight,
    center: str,
    since: str,
    until: str,
    before: int,
    limit: int,
) -> Json:
    """``{"entries": [Entry…], "next": seq | null}``: what concerns a center from `since` to `until`, newest first, as far as
    the account may read it: addressed to it, done by it, or a meeting that calls it."""
    entries, called = tables.entries.c, tables.meeting_centers.c
    first, end = _first_from(connection, since), min(before, _first_from(connection, until))
    word = json_text(center_audience(center))
    calls = sa.select(called.meeting).where(called.center == center)
    concerns = sa.or_(
        entries.center == center,
        entries.audience.contains(word, autoescape=True),
        sa.and_(entries.kind.in_(_OF_CALLS), entries.meeting.in_(calls)),
    )
    kinds = sa.or_(entries.kind.in_(_OF_MEETINGS), *(entries.kind.startswith(each) for each in LOGGED))
    found: list[Json] = []
    while len(found) <= limit:
        query = (
            sa.select(tables.entries)
            .where(
                entries.seq >= first,
                entries.seq < end,
                kinds,
                entries.kind.not_in(_UNTOLD),
                concerns,
                sight.told_of(entries.meeting),
            )
            .order_by(entries.seq.desc())
            .limit(limit + 1)
        )
        rows = connection.execute(query).all()
        seen = _seen(connection, sight, {row.meeting for row in rows if row.meeting is not None})
        found += [
            entry.to_wire()
            for entry in map(entry_of, rows)
            if sight.reads(entry.kind, entry.audience, entry.meeting in seen)
        ]
        if len(rows) <= limit:
            break
        end = rows[-1].seq
    return {"entries": found[:limit], "next": found[limit - 1]["seq"] if len(found) > limit else None}


def _seen(connection: sa.Connection, sight: Sight, meetings: set[str]) -> set[str]:
    if not meetings:
        return set()
    ids = tables.meetings.c.id
    query = sa.select(ids).where(ids.in_(sorted(meetings)), sight.meetings())
    return set(connection.execute(query).scalars())


def _first_from(connection: sa.Connection, moment: str) -> int:
    """The number of the first entry that was written at this moment or later; one above the newest where there is none.

    Moments rise with numbers and have no index: it is found by halving.
    """
    entries = tables.entries.c
    low, high = 1, (connection.execute(sa.select(sa.func.max(entries.seq))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = connection.execute(sa.select(entries.at).where(entries.seq == middle)).scalar()
        if at is not None and at < moment:
            low = middle + 1
        else:
            high = middle
    return low
