"""Reading what meetings left, what is held, which lists there are and what was destroyed; and the last rows of what is gone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa

from hub.clock import from_wire
from hub.custody.listing import File, Item, Left
from hub.custody.retention import KEPT_KINDS, KeptKind
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.store import tables
from hub.store.database import Database
from hub.store.order_reading import Json
from hub.store.sight import Condition, Sight, among, centers_for

_meetings, _parts, _recordings = tables.meetings.c, tables.parts.c, tables.recordings.c
_holds, _disposals, _destroyed = tables.holds.c, tables.disposals.c, tables.destroyed.c
_jobs, _voices, _minutes = tables.jobs.c, tables.voices.c, tables.minutes.c
#: Which kind of thing a job's files are.
MADE: Final[dict[str, KeptKind]] = {
    "film": "films",
    "clip": "clips",
    "picture": "clips",
    "handover": "packs",
    "evidence": "packs",
}
#: What is made of a recorded part by the hub itself, and goes with it.
_WITH_PART: Final = "small_pictures"
_OPEN: Final = ("waiting", "running")
_ALL: Final[frozenset[KeptKind]] = frozenset(KEPT_KINDS)


class CustodyStore:
    """Reads one consistent state each; Refusal `unavailable` while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def left(
        self, account: Account, tree: CenterTree, action: str, listed: Collection[str] = ()
    ) -> list[Left]:
        """All that meetings left about whose convener's center the account may do `action`, if it sees them."""
        dialect = self._database.engine.dialect.name
        sight = Sight(account, tree, dialect)
        there = sa.and_(
            sight.meetings(), among(_meetings.chair_center, centers_for(account, action, tree), dialect)
        )
        return await self._database.read(lambda connection: left_of(connection, there, listed))

    async def left_of(self, meeting: str) -> Left | None:
        """All that one meeting left; for the hub itself."""
        found = await self._database.read(lambda connection: left_of(connection, _meetings.id == meeting))
        return found[0] if found else None

    async def hold(self, meeting: str) -> Json | None:
        """The hold that a meeting is under. Who may read it is for the caller to check."""
        query = sa.select(tables.holds).where(_holds.meeting == meeting, _holds.lifted_at.is_(None))
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _hold(row)

    async def holds(self, account: Account, tree: CenterTree) -> list[Json]:
        """Every hold that is not over, of meetings that the account reads by right, the newest first."""
        dialect = self._database.engine.dialect.name
        reads = among(_meetings.chair_center, centers_for(account, "meeting.read", tree), dialect)
        query = (
            sa.select(tables.holds, _meetings.title, _meetings.opened_at, _meetings.ended_at)
            .join(tables.meetings, _meetings.id == _holds.meeting)
            .where(_holds.lifted_at.is_(None), reads, Sight(account, tree, dialect).meetings())
            .order_by(_holds.seq.desc())
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            {**_hold(row), "title": row.title, "opened_at": row.opened_at, "ended_at": row.ended_at}
            for row in rows
        ]

    async def destroyed(self, meeting: str) -> list[Json]:
        """What of a meeting was destroyed, by kind, the oldest first. Who may read it is for the caller to check."""
        query = (
            sa.select(tables.destroyed)
            .where(_destroyed.meeting == meeting, _destroyed.spared == "")
            .order_by(_destroyed.seq, _destroyed.kind)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            {
                "kind": row.kind,
                "number": row.number,
                "at": row.at,
                "items": row.items,
                "bytes": row.bytes,
                "asked_by": json.loads(row.asked_by),
                "approved_by": json.loads(row.approved_by),
            }
            for row in rows
        ]

    async def disposals(self, before: int, limit: int) -> list[Json]:
        """Lists, the newest first. Who may see them is for the caller to check."""
        query = (
            sa.select(tables.disposals)
            .where(_disposals.seq < before)
            .order_by(_disposals.seq.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_disposal(row) for row in rows]

    async def disposal(self, id: str) -> Json | None:
        """One list, with what was spared: ``spared_meetings`` is meeting -> reason."""
        one = sa.select(tables.disposals).where(_disposals.id == id)
        spared = sa.select(_destroyed.meeting, _destroyed.spared).where(
            _destroyed.disposal == id, _destroyed.spared != ""
        )

        def work(connection: sa.Connection) -> Json | None:
            row = connection.execute(one).first()
            if row is None:
                return None
            reasons = {each.meeting: each.spared for each in connection.execute(spared)}
            return {**_disposal(row), "spared_meetings": reasons}

        return await self._database.read(work)

    async def made_with(self, parts: Sequence[str]) -> list[str]:
        """Ids of the hub's own jobs whose files are made of these recorded parts alone."""
        return await self._database.read(
            lambda connection: [
                id
                for at in range(0, len(parts), 500)
                for id in connection.scalars(
                    sa.select(_jobs.id).where(
                        _jobs.kind == _WITH_PART, _jobs.subject.in_(parts[at : at + 500])
                    )
                )
            ]
        )

    async def forget_jobs(self, jobs: Sequence[str]) -> None:
        """These jobs of the hub's own are gone, with what they made."""

        def work(connection: sa.Connection) -> None:
            for at in range(0, len(jobs), 500):
                connection.execute(tables.jobs.delete().where(_jobs.id.in_(jobs[at : at + 500])))

        if jobs:
            await self._database.write(work)


def left_of(connection: sa.Connection, there: Condition, listed: Collection[str] = ()) -> list[Left]:
    """What the meetings of this condition left; those that left nothing are not in it."""
    ids = sa.select(_meetings.id).where(there)
    items: dict[str, list[Item]] = defaultdict(list)
    for meeting, item in (*_recorded(connection, ids), *_made(connection, ids), *_texts(connection, ids)):
        items[meeting].append(item)
    for row in connection.execute(
        sa.select(_voices.meeting, _voices.recording, _voices.part).where(_voices.meeting.in_(ids))
    ):
        items[row.meeting].append(Item("speech", f"{row.recording}/{row.part}"))
    held = set(connection.scalars(sa.select(_holds.meeting).where(_holds.lifted_at.is_(None))))
    busy = set(connection.scalars(sa.select(_jobs.meeting).where(_jobs.state.in_(_OPEN)).distinct()))
    waiting = set(connection.scalars(sa.select(_minutes.id).where(_minutes.state == "submitted")))
    taken = set(listed)
    rows = connection.execute(
        sa.select(_meetings.id, _meetings.title, _meetings.chair_center, _meetings.ended_at).where(there)
    )
    return [
        Left(
            row.id,
            row.title,
            row.chair_center,
            from_wire(row.ended_at) if row.ended_at is not None else None,
            tuple(items[row.id]),
            row.id in held,
            _ALL
            if row.id in busy
            else frozenset(("minutes",))
            if row.id in waiting
            else frozenset[KeptKind](),
            row.id in taken,
        )
        for row in rows
        if row.id in items
    ]


def _recorded(connection: sa.Connection, ids: Any) -> Iterable[tuple[str, Item]]:
    """Recorded files that are there: finished, or never closed though their meeting is over."""
    query = (
        sa.select(_recordings.meeting, _parts.recording, _parts.id, _parts.file, _parts.bytes, _parts.sha256)
        .join(tables.recordings, _recordings.id == _parts.recording)
        .join(tables.meetings, _meetings.id == _recordings.meeting)
        .where(
            _recordings.meeting.in_(ids),
            sa.or_(_parts.sha256.is_not(None), _meetings.ended_at.is_not(None)),
            _parts.destroyed.is_(None),
        )
    )
    for row in connection.execute(query):
        file = File(row.file, row.bytes or 0, row.sha256)
        yield row.meeting, Item("recordings", f"{row.recording}/{row.id}", (file,))


def _made(connection: sa.Connection, ids: Any) -> Iterable[tuple[str, Item]]:
    """Films, clips and pictures."""
    query = sa.select(_jobs.id, _jobs.meeting, _jobs.kind, _jobs.result).where(
        _jobs.meeting.in_(ids), _jobs.state == "done", _jobs.kind.in_(list(MADE)), _jobs.subject == _jobs.id
    )
    for row in connection.execute(query):
        files = tuple(
            File(each["name"], each["bytes"], each["sha256"])
            for each in json.loads(row.result or "{}").get("files", ())
        )
        if files:
            yield row.meeting, Item(MADE[row.kind], row.id, files)


def _texts(connection: sa.Connection, ids: Any) -> Iterable[tuple[str, Item]]:
    """Texts of minutes, which no other entry names."""
    names, entries, objects = tables.object_names.c, tables.entries.c, tables.objects.c
    named = (
        sa.select(names.object, entries.meeting)
        .join(tables.entries, entries.seq == names.seq)
        .where(entries.kind.like("minutes.%"), entries.meeting.in_(ids))
        .distinct()
        .subquery()
    )
    other = sa.exists().where(
        names.object == named.c.object,
        entries.seq == names.seq,
        sa.or_(
            entries.meeting.is_(None), entries.meeting != named.c.meeting, entries.kind.not_like("minutes.%")
        ),
    )
    query = (
        sa.select(named.c.meeting, objects.id, objects.bytes)
        .join(tables.objects, objects.id == named.c.object)
        .where(sa.not_(other))
        .order_by(objects.id)
    )
    by_meeting: dict[str, list[File]] = defaultdict(list)
    for row in connection.execute(query):
        by_meeting[row.meeting].append(File(row.id, row.bytes, row.id))
    for meeting, files in by_meeting.items():
        yield meeting, Item("minutes", "minutes", tuple(files))


def _author(text: str | None) -> Json | None:
    return None if text is None else cast(Json, json.loads(text))


def _hold(row: Any) -> Json:
    return {
        "hold": row.id,
        "meeting": row.meeting,
        "reason": row.reason,
        "placed_by": _author(row.placed_by),
        "placed_at": row.placed_at,
        "lift_reason": row.lift_reason,
        "lift_by": _author(row.lift_by),
        "lift_at": row.lift_at,
    }


def _disposal(row: Any) -> Json:
    plain = (
        "number",
        "state",
        "meetings",
        "reason",
        "asked_role",
        "asked_at",
        "decided_at",
        "decided_reason",
    )
    return {
        "disposal": row.id,
        "seq": row.seq,
        **{name: getattr(row, name) for name in plain},
        "on": row.on_at,
        "kinds": json.loads(row.kinds),
        "centers": json.loads(row.centers),
        "digest": row.digest,
        "list_bytes": row.list_bytes,
        "asked_by": _author(row.asked_by),
        "decided_by": _author(row.decided_by),
        "destroyed": row.destroyed,
        "freed": row.freed,
        "spared": row.spared,
        "completed_at": row.completed_at,
    }
