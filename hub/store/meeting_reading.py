"""Reading meetings: summaries, snapshots and recordings, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import from_wire
from hub.entry import Entry
from hub.store import tables
from hub.store.order_reading import Json, read_decisions, read_notes, read_orders, read_reports
from hub.store.order_rows import COMPLETED
from hub.store.rows import entry_of
from hub.store.sight import Condition, Sight

#: A part that was not closed this long after its recording stopped counts as lost, until it is closed after all.
LOST_AFTER: Final = timedelta(minutes=10)

_meetings, _participants, _entries = tables.meetings.c, tables.participants.c, tables.entries.c
_orders, _targets = tables.orders.c, tables.order_targets.c


def summaries(connection: sa.Connection, sight: Sight, rows: Sequence[Any]) -> list[Json]:
    """Summaries of these rows of `meetings`, without hits. What is counted is what the account may read."""
    ids = [row.id for row in rows]
    # Who is there now; of an ended meeting, who came and was not removed. For the sums the chair's center is apart.
    there = sa.case((_meetings.state == "open", _participants.state == "joined"), else_=sa.true())
    counted = sa.and_(there, _participants.state != "removed", _participants.center != _meetings.chair_center)
    joined = {
        row.meeting: row
        for row in connection.execute(
            sa.select(
                _participants.meeting,
                sa.func.sum(sa.case((there, 1), else_=0)).label("joined"),
                sa.func.sum(sa.case((counted, 1), else_=0)).label("people"),
                sa.func.count(sa.distinct(sa.case((counted, _participants.center)))).label("came"),
            )
            .join(tables.meetings, _meetings.id == _participants.meeting)
            .where(_participants.meeting.in_(ids))
            .group_by(_participants.meeting)
        )
    }
    unfinished = sa.exists().where(
        _targets.order_id == _orders.id,
        _targets.step < COMPLETED,
        sight.targets(),
        _orders.withdrawn.is_(None),
    )
    is_unfinished = unfinished.correlate(tables.orders)
    orders = _count(connection, tables.orders, ids, sight.orders())
    completed = _count(connection, tables.orders, ids, sight.orders(), sa.not_(is_unfinished))
    reports = _count(connection, tables.reports, ids, sight.filed(tables.reports))
    decided = tables.decisions.c.state == "confirmed"
    decisions = _count(connection, tables.decisions, ids, sight.filed(tables.decisions), decided)
    running = {
        row.meeting: row.id
        for row in connection.execute(
            sa.select(tables.recordings).where(
                tables.recordings.c.meeting.in_(ids), tables.recordings.c.stopped_at.is_(None)
            )
        )
    }
    return [
        {
            "id": row.id,
            "title": row.title,
            "kind": row.kind,
            "state": row.state,
            # Who opened it. Who leads it now stands in the state, while it runs.
            "convener": json.loads(row.chair),
            "chair": json.loads(row.chair),
            "centers": json.loads(row.centers),
            "opened_at": row.opened_at,
            "ended_at": row.ended_at,
            "record": row.record,
            "drill": row.drill,
            "level": row.level,
            "recording": running.get(row.id),
            # Who is there now; of an ended meeting, who ever was.
            "joined": _number(joined.get(row.id), "joined"),
            "counts": {
                "orders": orders.get(row.id, 0),
                "completed": completed.get(row.id, 0),
                "reports": reports.get(row.id, 0),
                "decisions": decisions.get(row.id, 0),
            },
            "attendance": {
                "called": len(set(json.loads(row.centers)) - {row.chair_center}),
                "came": _number(joined.get(row.id), "came"),
                "people": _number(joined.get(row.id), "people"),
            },
        }
        for row in rows
    ]


def _number(row: Any, name: str) -> int:
    """A sum about those who have seats; nobody has yet where there is no row."""
    return 0 if row is None else int(getattr(row, name))


def _count(
    connection: sa.Connection, table: sa.Table, meetings: Sequence[str], *conditions: Condition
) -> dict[str, int]:
    query = (
        sa.select(table.c.meeting, sa.func.count())
        .where(table.c.meeting.in_(meetings), *conditions)
        .group_by(table.c.meeting)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def seen_meeting(connection: sa.Connection, sight: Sight, meeting: str) -> Any | None:
    """The row of a meeting, if it exists for this account."""
    row = connection.execute(sa.select(tables.meetings).where(_meetings.id == meeting)).first()
    if row is None:
        return None
    removed = connection.execute(sight.removed_from().where(_participants.meeting == meeting)).first()
    return (
        row if sight.sees(row.chair_center, json.loads(row.centers), removed is not None, row.level) else None
    )


def snapshot(connection: sa.Connection, sight: Sight, meeting: str) -> Json | None:
    """Everything about a meeting as it stands, or None when it does not exist for this account."""
    row = seen_meeting(connection, sight, meeting)
    if row is None:
        return None
    participants = connection.execute(
        sa.select(tables.participants).where(_participants.meeting == meeting).order_by(_participants.seq)
    )
    return {
        **summaries(connection, sight, [row])[0],
        "participants": [
            {
                "id": each.account,
                "name": each.name,
                "role": each.role,
                "center": each.center,
                "center_name": each.center_name,
                "level": each.level,
                "state": each.state,
                "muted": each.muted,
                "joined_at": each.joined_at,
                "left_at": each.left_at,
                "present": each.present,
                "duty": each.duty,
            }
            for each in participants
        ],
        "broadcast": row.broadcast,
        **documents(connection, sight, meeting),
        "seq": newest_seq(connection, meeting),
    }


def documents(connection: sa.Connection, sight: Sight, meeting: str, *, own: bool = False) -> Json:
    """The documents of a meeting that the account may read, oldest first; with `own` only those of its own center."""
    center = sight.account.center
    aimed = sa.select(_targets.order_id).where(_targets.center == center)
    mine = [sa.or_(_orders.issuer_center == center, _orders.id.in_(aimed))] if own else []
    by_me = [tables.reports.c.center == center] if own else []
    return {
        "orders": read_orders(connection, sight, _orders.meeting == meeting, *mine)[::-1],
        "reports": read_reports(connection, sight, tables.reports.c.meeting == meeting, *by_me)[::-1],
        "decisions": []
        if own
        else read_decisions(connection, sight, tables.decisions.c.meeting == meeting)[::-1],
        "notes": [] if own else read_notes(connection, sight, tables.notes.c.meeting == meeting)[::-1],
    }


def newest_seq(connection: sa.Connection, meeting: str) -> int:
    """Number of the meeting's newest entry, 0 without one."""
    query = sa.select(sa.func.max(_entries.seq)).where(_entries.meeting == meeting)
    return connection.execute(query).scalar() or 0


def whole_meeting(connection: sa.Connection, meeting: str) -> list[Entry]:
    """All entries of a meeting by seq."""
    query = sa.select(tables.entries).where(_entries.meeting == meeting).order_by(_entries.seq)
    return [entry_of(row) for row in connection.execute(query)]


def recordings(connection: sa.Connection, meeting: str, now: datetime) -> list[Json]:
    """The recordings of a meeting with their parts, oldest first."""
    opened_at = connection.execute(sa.select(_meetings.opened_at).where(_meetings.id == meeting)).scalar()
    if opened_at is None:
        return []
    table, parts = tables.recordings, tables.parts
    rows = connection.execute(sa.select(table).where(table.c.meeting == meeting).order_by(table.c.seq)).all()
    found: list[Json] = []
    for row in rows:
        part_rows = connection.execute(
            sa.select(parts).where(parts.c.recording == row.id).order_by(parts.c.seq)
        )
        found.append(
            {
                "id": row.id,
                "meeting": row.meeting,
                "started_at": row.started_at,
                "stopped_at": row.stopped_at,
                "state": "recording" if row.stopped_at is None else "stopped",
                "parts": [_part(part, row.stopped_at, opened_at, now) for part in part_rows],
            }
        )
    return found


def opening(connection: sa.Connection, meeting: str) -> datetime | None:
    """When a meeting was opened."""
    at = connection.scalar(sa.select(_meetings.opened_at).where(_meetings.id == meeting))
    return None if at is None else from_wire(at)


def files_of_parts(connection: sa.Connection, meeting: str) -> dict[str, str]:
    """Part -> its file, relative to the folder of recordings."""
    parts, table = tables.parts, tables.recordings
    query = (
        sa.select(parts.c.id, parts.c.file)
        .join(table, table.c.id == parts.c.recording)
        .where(table.c.meeting == meeting)
    )
    return {row.id: row.file for row in connection.execute(query)}


def _part(row: Any, stopped_at: str | None, opened_at: str, now: datetime) -> Json:
    state = "recording" if row.sha256 is None else "closed"
    if state == "recording" and stopped_at is not None and now - from_wire(stopped_at) > LOST_AFTER:
        state = "lost"
    if row.destroyed is not None:
        state = "destroyed"
    offset = from_wire(row.started_at) - from_wire(opened_at)
    return {
        "id": row.id,
        "participant": row.participant,
        "center": row.center,
        "name": row.name,
        "tracks": json.loads(row.tracks),
        "source": row.source,
        "holes": json.loads(row.holes),
        "started_at": row.started_at,
        "offset_ms": round(offset / timedelta(milliseconds=1)),
        "duration_ms": row.duration_ms,
        "bytes": row.bytes,
        "sha256": row.sha256,
        "state": state,
        "media": None
        if state in ("lost", "destroyed")
        else f"/api/v1/recordings/{row.recording}/parts/{row.id}/media",
    }


def part(connection: sa.Connection, recording: str, part_id: str, now: datetime) -> Json | None:
    """One part as in `recordings`, with its `meeting` and its `file` (relative to the recordings folder)."""
    parts, table = tables.parts, tables.recordings
    row = connection.execute(
        sa.select(parts, table.c.meeting, table.c.stopped_at, _meetings.opened_at)
        .join(table, table.c.id == parts.c.recording)
        .join(tables.meetings, _meetings.id == table.c.meeting)
        .where(parts.c.recording == recording, parts.c.id == part_id)
    ).first()
    if row is None:
        return None
    return {
        **_part(row, row.stopped_at, row.opened_at, now),
        "meeting": row.meeting,
        "file": row.file,
        "released_at": row.released_at,
    }
