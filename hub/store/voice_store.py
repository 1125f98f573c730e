"""What was heard in recordings: kept, read with the rights of the recording, and forgotten with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.store import tables
from hub.store.bulk import run_changes
from hub.store.database import Database
from hub.store.order_reading import Json

_voices, _said, _parts = tables.voices.c, tables.said.c, tables.parts.c
#: Lines that are read of a meeting at a time.
MOST_LINES: Final = 2_000
#: Lines whose beginnings share a millisecond are told apart by so many numbers.
_A_MS: Final = 1_000


class VoiceStore:
    """The tables `voices` and `said`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, found: Iterable[Json], now: datetime) -> None:
        """Put what was found in files in the place of what was found in them before. Raises Refusal `unavailable`."""
        listed = list(found)
        await self._database.write(lambda connection: keep(connection, listed, now))

    async def forget(self, recording: str, part: str | None = None) -> None:
        """What was heard in a recording, or in one of its files, is gone. Raises Refusal `unavailable`."""
        await self._database.write(lambda connection: forget(connection, recording, part))


def keep(connection: sa.Connection, found: Iterable[Json], now: datetime) -> None:
    """See VoiceStore. Files that the tables know nothing of are left out."""
    for heard in found:
        recording, part = heard["recording"], heard["part"]
        row = connection.execute(
            sa.select(tables.parts, tables.recordings.c.meeting)
            .join(tables.recordings, tables.recordings.c.id == _parts.recording)
            .where(_parts.recording == recording, _parts.id == part)
        ).first()
        if row is None:
            continue
        forget(connection, recording, part)
        common = {
            "meeting": row.meeting,
            "recording": recording,
            "part": part,
            "participant": row.participant,
            "center": row.center,
        }
        spans = heard["spans"]
        voice = {
            **common,
            "name": row.name,
            "started_at": row.started_at,
            "duration_ms": heard["duration_ms"],
            "spoken_ms": sum(end - start for start, end in spans),
            "spans": json.dumps(spans),
            "heard_at": to_wire(now),
        }
        run_changes(connection, [(tables.voices, voice)])
        _keep_lines(connection, common, row, heard["lines"])


def _keep_lines(connection: sa.Connection, common: Json, row: Any, lines: Iterable[Any]) -> None:
    started = from_wire(row.started_at)
    inside = tables.participants.c
    seat = connection.execute(
        sa.select(inside.center_name).where(inside.meeting == row.meeting, inside.account == row.participant)
    ).scalar()
    who = f"{seat} {row.name}" if seat and not row.name.startswith(seat) else row.name
    new = []
    for start, end, text in lines:
        begins = started + timedelta(milliseconds=start)
        first = int(begins.timestamp() * 1000) * _A_MS
        new.append(
            {
                **common,
                "id": first,
                "who": who,
                "from_at": to_wire(begins),
                "to_at": to_wire(started + timedelta(milliseconds=end)),
                "text": text,
            }
        )
    for line in new:
        taken = connection.execute(
            sa.select(sa.func.max(_said.id)).where(_said.id >= line["id"], _said.id < line["id"] + _A_MS)
        ).scalar()
        line["id"] = line["id"] if taken is None else taken + 1
        run_changes(connection, [(tables.said, line)])


def closed_parts(connection: sa.Connection, meeting: str) -> list[Json]:
    """The files of a meeting that are written to their end, as the table of parts has them."""
    query = (
        sa.select(tables.parts)
        .join(tables.recordings, tables.recordings.c.id == _parts.recording)
        .where(
            tables.recordings.c.meeting == meeting,
            _parts.duration_ms.is_not(None),
            _parts.destroyed.is_(None),
        )
        .order_by(_parts.seq)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def forget(connection: sa.Connection, recording: str, part: str | None = None) -> None:
    """See VoiceStore."""
    for table in (tables.said, tables.voices):
        of = [table.c.recording == recording, *([table.c.part == part] if part is not None else [])]
        if table is tables.said:
            rows = connection.execute(sa.select(table).where(*of)).all()
            tables.said_index.remove(connection, [tuple(row) for row in rows])
        connection.execute(table.delete().where(*of))


def voices_of(connection: sa.Connection, meeting: str) -> Json:
    """``{"voices", "listened", "parts"}``: spans in ms since the meeting was opened; who may read is for the caller."""
    opened = connection.execute(
        sa.select(tables.meetings.c.opened_at).where(tables.meetings.c.id == meeting)
    ).scalar_one()
    rows = connection.execute(
        sa.select(tables.voices).where(_voices.meeting == meeting).order_by(_voices.started_at, _voices.part)
    ).all()
    closed = connection.execute(
        sa.select(sa.func.count())
        .select_from(tables.parts)
        .join(tables.recordings, tables.recordings.c.id == _parts.recording)
        .where(tables.recordings.c.meeting == meeting, _parts.destroyed.is_(None))
    ).scalar_one()
    return {
        "voices": [_voice(row, from_wire(opened)) for row in rows],
        "listened": len(rows),
        "parts": int(closed),
    }


def _voice(row: Any, opened: datetime) -> Json:
    offset = int((from_wire(row.started_at) - opened).total_seconds() * 1000)
    return {
        "recording": row.recording,
        "part": row.part,
        "participant": row.participant,
        "center": row.center,
        "name": row.name,
        "spoken_ms": row.spoken_ms,
        "spans": [[start + offset, end + offset] for start, end in json.loads(row.spans)],
    }


def lines_of(connection: sa.Connection, meeting: str, after: int, limit: int = MOST_LINES) -> Json:
    """``{"lines": […], "next": id | null}``, by time; who may read is for the caller."""
    opened = from_wire(
        connection.execute(
            sa.select(tables.meetings.c.opened_at).where(tables.meetings.c.id == meeting)
        ).scalar_one()
    )
    query = (
        sa.select(tables.said)
        .where(_said.meeting == meeting, _said.id > after)
        .order_by(_said.id)
        .limit(limit + 1)
    )
    rows = connection.execute(query).all()
    lines = [
        {
            "id": row.id,
            "participant": row.participant,
            "who": row.who,
            "from_ms": int((from_wire(row.from_at) - opened).total_seconds() * 1000),
            "to_ms": int((from_wire(row.to_at) - opened).total_seconds() * 1000),
            "text": row.text,
        }
        for row in rows[:limit]
    ]
    return {"lines": lines, "next": rows[limit - 1].id if len(rows) > limit else None}
