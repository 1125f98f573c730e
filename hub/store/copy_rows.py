"""Rows of the second copy: what is to be there, how it stands, what is next. No projection: they tell of files."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry
from hub.evidence.copied import CopyCounts, KindCounts, MeetingCopies, Thing
from hub.store import tables
from hub.store.bulk import Change
from hub.store.database import Database

Json = dict[str, Any]

_copies, _parts, _recordings = tables.copies.c, tables.parts.c, tables.recordings.c
_objects, _names, _jobs = tables.objects.c, tables.object_names.c, tables.jobs.c
_part_id = _parts.recording + "/" + _parts.id
#: Rows written in one transaction, so that commands wait for none of it.
_AT_ONCE: Final = 500
#: Why a file could not be copied that are told one by one.
MOST_TOLD: Final = 50
#: A file that came back stays so long before it is let go again.
KEPT_BACK: Final = timedelta(days=7)

_RELEASED: Final = (
    "UPDATE parts SET released_at = :at, returned_at = NULL"
    " WHERE recording = :recording AND id = :part AND seq < :seq"
)
_RETURNED: Final = (
    "UPDATE parts SET released_at = NULL, returned_at = :at"
    " WHERE recording = :recording AND id = :part AND seq < :seq"
)
_WANT: Final = "UPDATE copies SET wanted_at = :at, reason = NULL, not_before = :at WHERE state = 'copied' AND wanted_at IS NULL"


def _told(statement: str) -> Any:
    def changes(entry: Entry) -> Iterator[Change]:
        for part in entry.data["parts"]:
            yield (
                statement,
                {
                    "at": to_wire(entry.at),
                    "seq": entry.seq,
                    "recording": part["recording"],
                    "part": part["part"],
                },
            )

    return changes


#: What entries do to the rows of parts.
KINDS: Final = {"copy.released": _told(_RELEASED), "copy.returned": _told(_RETURNED)}


def copy_effects(entry: Entry) -> Iterator[Change]:
    """What an entry does to the table of copies when it is written, and never again. No projection."""
    if entry.kind != "copy.asked_back":
        return
    data, at = entry.data, to_wire(entry.at)
    if data["part"] is not None:
        id = f"{data['recording']}/{data['part']}"
        yield f"{_WANT} AND kind = 'part' AND id = :id", {"at": at, "id": id}
    elif data["meeting"] is not None:
        yield f"{_WANT} AND meeting = :meeting", {"at": at, "meeting": data["meeting"]}
    else:
        yield _WANT, {"at": at}


class CopyStore:
    """Implements `hub.copies.ports.CopyRows`. Each call is one transaction; Refusal `unavailable` when it cannot be."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs_since = ""

    async def enlist(self, at: datetime) -> int:
        """Rows for all that is to be copied and has none yet; how many."""
        wanted = await self._database.read(self._missing)
        rows = [{**each, **_FRESH, "since": to_wire(at), "not_before": to_wire(at)} for each in wanted]
        for first in range(0, len(rows), _AT_ONCE):
            piece = rows[first : first + _AT_ONCE]
            await self._database.write(partial(_insert, rows=piece))
        return len(rows)

    def _missing(self, connection: sa.Connection) -> list[Json]:
        there = sa.exists().where(_copies.kind == "part", _copies.id == _part_id)
        parts = (
            sa.select(_part_id.label("id"), _parts.sha256, _parts.bytes, _parts.file, _recordings.meeting)
            .join(tables.recordings, _recordings.id == _parts.recording)
            .where(_parts.sha256.is_not(None), _parts.destroyed.is_(None), ~there.correlate(tables.parts))
        )
        found: list[Json] = [{"kind": "part", **row._mapping} for row in connection.execute(parts)]
        there = sa.exists().where(_copies.kind == "object", _copies.id == _objects.id)
        named = sa.exists().where(_names.object == _objects.id)
        objects = sa.select(_objects.id, _objects.bytes).where(
            named.correlate(tables.objects), ~there.correlate(tables.objects)
        )
        for row in connection.execute(objects):
            found.append(
                {
                    "kind": "object",
                    "id": row.id,
                    "sha256": row.id,
                    "bytes": row.bytes,
                    "file": row.id,
                    "meeting": None,
                }
            )
        # what people had made, but what packs it up: all that is in a pack stands there already
        jobs = (
            sa.select(_jobs.id, _jobs.meeting, _jobs.result, _jobs.ended_at)
            .where(
                _jobs.id == _jobs.subject,
                _jobs.kind.not_in(("handover", "evidence")),
                _jobs.state == "done",
                _jobs.ended_at >= self._jobs_since,
            )
            .order_by(_jobs.ended_at)
        )
        for job in connection.execute(jobs):
            self._jobs_since = job.ended_at
            for file in json.loads(job.result or "{}").get("files", ()):
                name = f"{job.id}/{file['name']}"
                there_already = sa.select(_copies.id).where(_copies.kind == "made", _copies.id == name)
                if connection.execute(there_already).first() is None:
                    made = {"sha256": file["sha256"], "bytes": file["bytes"], "file": name}
                    found.append({"kind": "made", "id": name, **made, "meeting": job.meeting})
        return found

    async def next_to_send(self, now: datetime) -> Thing | None:
        """What is sent next: those tried least, then those that wait longest."""
        query = (
            sa.select(tables.copies)
            .where(_copies.state != "copied", _copies.not_before <= to_wire(now))
            .order_by(_copies.tries, _copies.since, _copies.kind, _copies.id)
        )
        return await self._first(query)

    async def next_wanted(self, now: datetime) -> Thing | None:
        """What is brought back next."""
        query = (
            sa.select(tables.copies)
            .where(_copies.wanted_at.is_not(None), _copies.not_before <= to_wire(now))
            .order_by(_copies.wanted_at, _copies.bytes, _copies.kind, _copies.id)
        )
        return await self._first(query)

    async def next_to_verify(self, before: datetime) -> Thing | None:
        """What is read back again next: what was not since `before`, the longest ago first."""
        query = (
            sa.select(tables.copies)
            .where(_copies.state == "copied", _copies.verified_at < to_wire(before))
            .order_by(_copies.verified_at)
        )
        return await self._first(query)

    async def next_to_release(self, recorded_before: datetime, now: datetime) -> Thing | None:
        """The oldest recorded file that may go from this machine: copied, here, not brought back lately, in no one's work."""
        busy = sa.exists().where(
            _jobs.meeting == _recordings.meeting, _jobs.state.in_(("waiting", "running"))
        )
        query = (
            sa.select(tables.copies)
            .join(tables.parts, sa.and_(_copies.kind == "part", _copies.id == _part_id))
            .join(tables.recordings, _recordings.id == _parts.recording)
            .where(
                _copies.state == "copied",
                _copies.wanted_at.is_(None),
                _copies.not_before <= to_wire(now),
                _parts.started_at < to_wire(recorded_before),
                _parts.released_at.is_(None),
                sa.or_(_parts.returned_at.is_(None), _parts.returned_at < to_wire(now - KEPT_BACK)),
                ~busy.correlate(tables.recordings),
            )
            .order_by(_parts.started_at, _copies.id)
        )
        return await self._first(query)

    async def next_stray(self) -> Thing | None:
        """Something in the table that is nothing any more: its recording, film or object was destroyed."""
        part = sa.exists().where(_copies.id == _part_id, _parts.destroyed.is_(None))
        object_ = sa.exists().where(_copies.id == _objects.id)
        job = sa.exists().where(
            sa.func.substr(_copies.id, 1, sa.func.length(_jobs.id) + 1) == _jobs.id + "/",
            _jobs.state != "destroyed",
        )
        query = sa.select(tables.copies).where(
            sa.or_(
                sa.and_(_copies.kind == "part", ~part.correlate(tables.copies)),
                sa.and_(_copies.kind == "object", ~object_.correlate(tables.copies)),
                sa.and_(_copies.kind == "made", ~job.correlate(tables.copies)),
            )
        )
        return await self._first(query)

    async def stands_elsewhere(self, thing: Thing) -> bool:
        """Whether another row of the table has the same key there."""
        query = sa.select(_copies.id).where(
            _copies.sha256 == thing.sha256,
            _copies.file == thing.file,
            _copies.kind == thing.kind,
            _copies.id != thing.id,
        )
        return await self._database.read(
            lambda connection: connection.execute(query.limit(1)).first() is not None
        )

    async def forget(self, thing: Thing) -> None:
        """No row any more."""
        await self._database.write(
            lambda connection: connection.execute(tables.copies.delete().where(*_is(thing)))
        )

    async def note_verified(self, thing: Thing, at: datetime) -> None:
        """What stands there was read back whole, and its SHA-256 is that of the journal."""
        told = to_wire(at)
        copied_at = sa.func.coalesce(_copies.copied_at, told)
        await self._set(
            thing,
            state="copied",
            reason=None,
            tries=0,
            copied_at=copied_at,
            verified_at=told,
            not_before=told,
        )

    async def note_damaged(self, thing: Thing, reason: str, at: datetime) -> None:
        """What stands there is not what it was, or is gone: it is sent again."""
        await self._set(thing, state="damaged", reason=reason, not_before=to_wire(at))

    async def note_failed(self, thing: Thing, reason: str, not_before: datetime) -> None:
        """It could not be done, and is tried again then."""
        await self._set(thing, reason=reason, tries=_copies.tries + 1, not_before=to_wire(not_before))

    async def note_back(self, thing: Thing) -> None:
        """It is here again, or was all the time; what the slow scan found is looked at anew."""

        def work(connection: sa.Connection) -> None:
            connection.execute(
                tables.copies.update().where(*_is(thing)).values(wanted_at=None, reason=None, tries=0)
            )
            scanned = tables.scanned
            connection.execute(scanned.delete().where(scanned.c.kind == thing.kind, scanned.c.id == thing.id))

        await self._database.write(work)

    async def want(self, meeting: str, at: datetime) -> int:
        """Have the released recorded files of a meeting brought back; how many are not here."""

        def work(connection: sa.Connection) -> int:
            released = (
                sa.select(_part_id)
                .join(tables.recordings, _recordings.id == _parts.recording)
                .where(_recordings.meeting == meeting, _parts.released_at.is_not(None))
            )
            ids = list(connection.execute(released).scalars())
            wanted = tables.copies.update().where(
                _copies.kind == "part", _copies.id.in_(ids), _copies.wanted_at.is_(None)
            )
            connection.execute(wanted.values(wanted_at=to_wire(at), not_before=to_wire(at)))
            return len(ids)

        return await self._database.write(work)

    async def is_found_damaged(self, thing: Thing) -> bool:
        """Whether the slow scan found the file on this machine to be another one."""
        scanned = tables.scanned.c
        query = sa.select(scanned.id).where(
            scanned.kind == thing.kind, scanned.id == thing.id, scanned.finding.is_not(None)
        )
        return await self._database.read(lambda connection: connection.execute(query).first() is not None)

    async def released(self) -> list[Thing]:
        """Recorded files that the journal says stand in the copy alone."""
        query = sa.select(tables.copies).join(
            tables.parts, sa.and_(_copies.kind == "part", _copies.id == _part_id)
        )
        return await self._database.read(
            lambda connection: [
                _thing(row) for row in connection.execute(query.where(_parts.released_at.is_not(None)))
            ]
        )

    async def all_copied(self) -> list[Thing]:
        """All that stands in the copy."""
        query = sa.select(tables.copies).where(_copies.state == "copied").order_by(_copies.bytes, _copies.id)
        return await self._database.read(
            lambda connection: [_thing(row) for row in connection.execute(query)]
        )

    async def copied(self, digest: str) -> bool:
        """Whether a file with this SHA-256 stands in the copy, verified: what is to go from here for good may ask."""
        query = sa.select(_copies.id).where(_copies.sha256 == digest, _copies.state == "copied").limit(1)
        return await self._database.read(lambda connection: connection.execute(query).first() is not None)

    async def among(self, digests: Collection[str]) -> Collection[str]:
        """Which of these stand in the copy, verified."""
        query = sa.select(_copies.sha256).where(_copies.state == "copied")

        def work(connection: sa.Connection) -> set[str]:
            return {row.sha256 for row in connection.execute(query) if row.sha256 in digests}

        return await self._database.read(work)

    async def standing(self, copies: Collection[tuple[str, str]]) -> int:
        """How many of these (kind, id) stand there, or may: it is not known that they do not."""
        wanted = sorted(copies)

        def work(connection: sa.Connection) -> int:
            return sum(
                connection.execute(
                    sa.select(sa.func.count())
                    .select_from(tables.copies)
                    .where(sa.tuple_(_copies.kind, _copies.id).in_(wanted[at : at + 400]))
                ).scalar_one()
                for at in range(0, len(wanted), 400)
            )

        return await self._database.read(work)

    async def counts(self) -> CopyCounts:
        """How far it is."""

        def work(connection: sa.Connection) -> CopyCounts:
            is_copied = _copies.state == "copied"
            size = sa.func.coalesce(sa.func.sum(_copies.bytes), 0)
            by_kind = sa.select(
                _copies.kind,
                sa.func.count(),
                size,
                sa.func.count().filter(is_copied),
                sa.func.coalesce(sa.func.sum(_copies.bytes).filter(is_copied), 0),
                sa.func.count().filter(_copies.state == "damaged"),
            ).group_by(_copies.kind)
            kinds: dict[Any, KindCounts] = {
                row[0]: KindCounts(*(int(each) for each in row[1:])) for row in connection.execute(by_kind)
            }
            wanted = connection.execute(
                sa.select(sa.func.count(), size).where(_copies.wanted_at.is_not(None))
            ).one()
            let_go = connection.execute(
                sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_parts.bytes), 0)).where(
                    _parts.released_at.is_not(None)
                )
            ).one()
            newest, oldest = connection.execute(
                sa.select(sa.func.max(_copies.copied_at), sa.func.min(_copies.verified_at)).where(is_copied)
            ).one()
            return CopyCounts(
                kinds, int(wanted[0]), int(wanted[1]), int(let_go[0]), int(let_go[1]), newest, oldest
            )

        return await self._database.read(work)

    async def troubles(self) -> list[Json]:
        """Files that could not be done: `{"kind", "id", "file", "meeting", "bytes", "reason", "tries", "not_before"}`."""
        query = (
            sa.select(tables.copies)
            .where(_copies.reason.is_not(None))
            .order_by(_copies.tries.desc(), _copies.kind, _copies.id)
            .limit(MOST_TOLD)
        )
        names = ("kind", "id", "file", "meeting", "bytes", "reason", "tries", "not_before")
        return await self._database.read(
            lambda connection: [
                {name: getattr(row, name) for name in names} for row in connection.execute(query)
            ]
        )

    async def far_alone(self, limit: int) -> list[Json]:
        """Meetings of which recorded files stand in the copy alone, the oldest first: title, files, bytes, wanted back."""
        meetings = tables.meetings.c
        joined = (
            tables.parts.join(tables.recordings, _recordings.id == _parts.recording)
            .join(tables.meetings, meetings.id == _recordings.meeting)
            .outerjoin(tables.copies, sa.and_(_copies.kind == "part", _copies.id == _part_id))
        )
        query = (
            sa.select(
                meetings.id.label("meeting"),
                meetings.title,
                meetings.opened_at,
                sa.func.count().label("files"),
                sa.func.sum(_parts.bytes).label("bytes"),
                sa.func.count(_copies.wanted_at).label("wanted"),
            )
            .select_from(joined)
            .where(_parts.released_at.is_not(None))
            .group_by(meetings.id, meetings.title, meetings.opened_at)
            .order_by(meetings.opened_at)
            .limit(limit)
        )
        return await self._database.read(
            lambda connection: [
                {**row._mapping, "bytes": int(row.bytes or 0)} for row in connection.execute(query)
            ]
        )

    async def of_meeting(self, meeting: str) -> MeetingCopies:
        """How the files of a meeting stand: what was recorded, and what was made of it."""

        def work(connection: sa.Connection) -> MeetingCopies:
            copied = _copies.state == "copied"
            row = connection.execute(
                sa.select(
                    sa.func.count(),
                    sa.func.count().filter(copied),
                    sa.func.count(_copies.wanted_at),
                    sa.func.min(_copies.verified_at).filter(copied),
                ).where(_copies.meeting == meeting)
            ).one()
            let_go = connection.execute(
                sa.select(sa.func.count())
                .select_from(tables.parts.join(tables.recordings, _recordings.id == _parts.recording))
                .where(_recordings.meeting == meeting, _parts.released_at.is_not(None))
            ).scalar_one()
            return MeetingCopies(int(row[0]), int(row[1]), int(let_go), int(row[2]), row[3])

        return await self._database.read(work)

    async def _first(self, query: Any) -> Thing | None:
        def work(connection: sa.Connection) -> Thing | None:
            row = connection.execute(query.limit(1)).first()
            return None if row is None else _thing(row)

        return await self._database.read(work)

    async def _set(self, thing: Thing, **values: Any) -> None:
        change = tables.copies.update().where(*_is(thing)).values(**values)
        await self._database.write(lambda connection: connection.execute(change))


_FRESH: Final[Mapping[str, Any]] = {
    "state": "waiting",
    "reason": None,
    "tries": 0,
    "copied_at": None,
    "verified_at": None,
    "wanted_at": None,
}


def _insert(connection: sa.Connection, rows: Sequence[Json]) -> None:
    known = sa.select(_copies.kind, _copies.id).where(_copies.id.in_([each["id"] for each in rows]))
    there = {(row.kind, row.id) for row in connection.execute(known)}
    fresh = [each for each in rows if (each["kind"], each["id"]) not in there]
    if fresh:
        connection.execute(tables.copies.insert(), fresh)


def _is(thing: Thing) -> tuple[Any, Any]:
    return _copies.kind == thing.kind, _copies.id == thing.id


def _thing(row: Any) -> Thing:
    return Thing(row.kind, row.id, row.sha256, row.bytes, row.file, row.meeting, row.tries)
