"""What the slow scan looked at, and what it found; no projection: it tells of files, not of entries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.evidence.scanned import Counts, Due, ScanFinding
from hub.ids import is_id
from hub.store import tables
from hub.store.database import Database

Json = dict[str, Any]

_scanned, _parts, _objects = tables.scanned.c, tables.parts.c, tables.objects.c
_part_id = _parts.recording + "/" + _parts.id
_closed = sa.and_(_parts.sha256.is_not(None), _parts.bytes.is_not(None), _parts.destroyed.is_(None))
#: Closed, and on this machine: what stands in the second copy alone is verified there (hub/copies).
_here = sa.and_(_closed, _parts.released_at.is_(None))


class ScanStore:
    """Implements `hub.upkeep.scan.ScanRows`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, before: datetime, limit: int) -> Sequence[Due]:
        """Parts and objects that were not looked at since `before`: those never looked at first, then the longest ago."""
        old = sa.or_(_scanned.at.is_(None), _scanned.at < to_wire(before))

        def query(kind: str, table: sa.Table, id: Any, columns: Sequence[Any], there: Any) -> Any:
            joined = sa.and_(_scanned.kind == kind, _scanned.id == id)
            return (
                sa.select(*columns, id.label("key"), _scanned.at)
                .select_from(table.outerjoin(tables.scanned, joined))
                .where(old, there)
                .order_by(_scanned.at.is_not(None), _scanned.at, id)
                .limit(limit)
            )

        parts = query("part", tables.parts, _part_id, (_parts.sha256, _parts.bytes, _parts.file), _here)
        named = sa.exists().where(tables.object_names.c.object == _objects.id)
        objects = query("object", tables.objects, _objects.id, (_objects.bytes,), named)

        def work(connection: sa.Connection) -> list[tuple[str, Due]]:
            found = [
                (row.at or "", Due("part", row.key, row.sha256, row.bytes, row.file))
                for row in connection.execute(parts)
            ]
            return found + [
                (row.at or "", Due("object", row.key, row.key, row.bytes))
                for row in connection.execute(objects)
            ]

        both = await self._database.read(work)
        return [due for _, due in sorted(both, key=lambda each: each[0])][:limit]

    async def note(self, due: Due, finding: ScanFinding | None, at: datetime) -> None:
        """It was looked at, and this was found; None: it is what it was."""
        row = {"kind": due.kind, "id": due.id, "at": to_wire(at), "finding": finding}

        def work(connection: sa.Connection) -> None:
            same = sa.and_(_scanned.kind == due.kind, _scanned.id == due.id)
            connection.execute(tables.scanned.delete().where(same))
            connection.execute(tables.scanned.insert(), row)

        await self._database.write(work)

    async def orphans(self, folder: str, files: Collection[str], at: datetime) -> None:
        """These files lie in a folder of recordings: those that no entry tells of are noted, and no others of there."""

        def work(connection: sa.Connection) -> None:
            told = set(connection.scalars(sa.select(_parts.file).where(_parts.file.in_(list(files)))))
            here = sa.and_(_scanned.kind == "file", _scanned.id.startswith(f"{folder}/", autoescape=True))
            connection.execute(tables.scanned.delete().where(here))
            for file in sorted(set(files) - told)[:MOST_FINDINGS]:
                row = {"kind": "file", "id": file, "at": to_wire(at), "finding": "orphan"}
                connection.execute(tables.scanned.insert(), row)

        await self._database.write(work)

    async def counts(self, since: datetime) -> Counts:
        """What there is, what was looked at since then, what is damaged."""

        def work(connection: sa.Connection) -> Counts:
            def count(query: Any) -> int:
                return int(connection.execute(query).scalar_one())

            number = sa.func.count()
            parts = count(sa.select(number).select_from(tables.parts).where(_here))
            named = sa.select(sa.func.count(sa.distinct(tables.object_names.c.object)))
            looked = sa.select(number).select_from(tables.scanned).where(_scanned.at >= to_wire(since))
            wrong = _scanned.finding.is_not(None), _scanned.kind != "file"
            damaged = sa.select(number).select_from(tables.scanned).where(*wrong)
            looked = looked.where(_scanned.kind != "file")
            return Counts(parts + count(named), count(looked), count(damaged))

        return await self._database.read(work)


def scanned_parts(connection: sa.Connection, meeting: str) -> dict[str, Any]:
    """``{"parts", "looked", "damaged", "oldest_at"}`` of a meeting's finished parts; `oldest_at`: of those looked at."""
    joined = sa.and_(_scanned.kind == "part", _scanned.id == _part_id)
    query = (
        sa.select(
            sa.func.count().label("parts"),
            sa.func.count(_scanned.at).label("looked"),
            sa.func.count(_scanned.finding).label("damaged"),
            sa.func.min(_scanned.at).label("oldest_at"),
        )
        .select_from(
            tables.parts.join(tables.recordings, tables.recordings.c.id == _parts.recording).outerjoin(
                tables.scanned, joined
            )
        )
        .where(tables.recordings.c.meeting == meeting, _here)
    )
    row = connection.execute(query).one()
    return {"parts": row.parts, "looked": row.looked, "damaged": row.damaged, "oldest_at": row.oldest_at}


#: Findings that are read at a time.
MOST_FINDINGS: Final = 500


def damaged_files(connection: sa.Connection, meeting: str | None = None) -> list[Json]:
    """What is wrong with files, as it was found last: of one meeting, or of all; who may read it is for the caller.

    ``{"what": "part" | "object" | "file", "finding", "meeting", "name", "started_at", "file", "looked_at"}``: `name` is whose
    picture and sound a part has, `file` its place, or the digest of an object.
    """
    named, entries = tables.object_names.c, tables.entries.c
    parts = (
        sa.select(
            _scanned.finding,
            _scanned.at,
            tables.recordings.c.meeting,
            _parts.name,
            _parts.started_at,
            _parts.file,
        )
        .select_from(tables.scanned)
        .join(tables.parts, sa.and_(_scanned.kind == "part", _scanned.id == _part_id))
        .join(tables.recordings, tables.recordings.c.id == _parts.recording)
        .where(_scanned.finding.is_not(None), _parts.destroyed.is_(None))
    )
    first = sa.select(named.object, sa.func.min(named.seq).label("seq")).group_by(named.object).subquery()
    objects = (
        sa.select(_scanned.finding, _scanned.at, entries.meeting, _scanned.id)
        .select_from(tables.scanned)
        .join(first, first.c.object == _scanned.id)
        .join(tables.entries, entries.seq == first.c.seq)
        .where(_scanned.kind == "object", _scanned.finding.is_not(None))
    )
    files = sa.select(_scanned.finding, _scanned.at, _scanned.id).where(
        _scanned.kind == "file", _scanned.finding.is_not(None)
    )
    if meeting is not None:
        parts = parts.where(tables.recordings.c.meeting == meeting)
        objects = objects.where(entries.meeting == meeting)
        files = files.where(_scanned.id.startswith(f"{meeting}/", autoescape=True))
    found = [
        _finding("part", row, row.meeting, row.file, row.name, row.started_at)
        for row in connection.execute(parts.order_by(_scanned.at.desc()).limit(MOST_FINDINGS))
    ]
    found += [
        _finding("object", row, row.meeting, row.id)
        for row in connection.execute(objects.order_by(_scanned.at.desc()).limit(MOST_FINDINGS))
    ]
    found += [
        _finding("file", row, _meeting_in(row.id), row.id)
        for row in connection.execute(files.order_by(_scanned.at.desc()).limit(MOST_FINDINGS))
    ]
    return found[:MOST_FINDINGS]


def _meeting_in(file: str) -> str | None:
    """The meeting whose folder a file lies in."""
    folder = file.partition("/")[0]
    return folder if is_id(folder, "m") else None


def _finding(
    what: str, row: Any, meeting: str | None, file: str, name: str = "", started_at: str = ""
) -> Json:
    return {
        "what": what,
        "finding": row.finding,
        "meeting": meeting,
        "name": name,
        "started_at": started_at,
        "file": file,
        "looked_at": row.at,
    }
