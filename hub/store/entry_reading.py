"""Reading the entries of a meeting, on from a number or back from one, only those that the account may read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from hub.store import tables
from hub.store.meeting_reading import newest_seq, seen_meeting
from hub.store.order_reading import Json
from hub.store.rows import entry_of
from hub.store.sight import Sight

_entries = tables.entries.c


def later_entries(
    connection: sa.Connection, sight: Sight, meeting: str, since: int, limit: int, kind: str | None = None
) -> Json:
    """``{"entries", "seq", "next"}``: at most `limit` after `since`, by seq; none of a meeting that is not seen.

    `kind` leaves out all others. `seq` is the newest of the meeting, `next` the `since` of the following page, None where
    nothing is left to read now.
    """
    if seen_meeting(connection, sight, meeting) is None:
        return {"entries": [], "seq": 0, "next": None}
    found, more = _read(connection, sight, meeting, since, True, limit, kind)
    return {
        "entries": found,
        "seq": newest_seq(connection, meeting),
        "next": found[-1]["seq"] if more else None,
    }


def earlier_entries(
    connection: sa.Connection, sight: Sight, meeting: str, before: int, limit: int, kind: str | None = None
) -> Json:
    """As `later_entries` the newest before `before`, by seq, too; `next` is the `before` of the page before this one."""
    if seen_meeting(connection, sight, meeting) is None:
        return {"entries": [], "seq": 0, "next": None}
    found, more = _read(connection, sight, meeting, before, False, limit, kind)
    found.reverse()
    return {
        "entries": found,
        "seq": newest_seq(connection, meeting),
        "next": found[0]["seq"] if more else None,
    }


def entries_of_kinds(
    connection: sa.Connection,
    sight: Sight,
    meeting: str,
    before: int,
    limit: int,
    kinds: Collection[str],
    by: str | None,
) -> Json:
    """``{"entries", "next"}``: the newest of these kinds before `before`, the newest first, of one who did them or of all."""
    if seen_meeting(connection, sight, meeting) is None:
        return {"entries": [], "next": None}
    conditions: list[Any] = [_entries.kind.in_(sorted(kinds))]
    if by is not None:
        conditions.append(_entries.account == by)
    found, more = _read(connection, sight, meeting, before, False, limit, None, conditions)
    return {"entries": found, "next": found[-1]["seq"] if more else None}


def _read(
    connection: sa.Connection,
    sight: Sight,
    meeting: str,
    at: int,
    up: bool,
    limit: int,
    kind: str | None,
    further: Collection[Any] = (),
) -> tuple[list[Json], bool]:
    """Entries from `at` on, up or down, and whether more of them follow."""
    found: list[Json] = []
    conditions: list[Any] = [_entries.meeting == meeting, *further]
    if kind is not None:
        conditions.append(_entries.kind == kind)
    while len(found) <= limit:
        query = (
            sa.select(tables.entries)
            .where(*conditions, _entries.seq > at if up else _entries.seq < at)
            .order_by(_entries.seq if up else _entries.seq.desc())
            .limit(limit + 1)
        )
        rows = connection.execute(query).all()
        entries = [entry_of(row) for row in rows]
        found += [entry.to_wire() for entry in entries if sight.reads(entry.kind, entry.audience, True)]
        if len(rows) <= limit:
            break
        at = rows[-1].seq
    return found[:limit], len(found) > limit
