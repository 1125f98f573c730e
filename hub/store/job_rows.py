"""Rows of jobs: what entries do to them, what their runner does, how they are read in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.conference.job_kinds import ASKED
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql
from hub.store.database import Database
from hub.store.sight import Everything, Sight

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job, as far as its work needs it. `subject` of one that somebody asked for is its own id."""

    id: str
    kind: str
    meeting: str | None
    subject: str
    options: dict[str, Any]
    tries: int


#: Jobs of a meeting that are read: the newest.
MOST: Final = 200

_INSERT: Final = insert_sql(tables.jobs) + " ON CONFLICT (id) DO NOTHING"
_END: Final = (
    "UPDATE jobs SET state = :state, reason = :reason, result = :result, ended_at = :at WHERE id = :job"
    " AND state IN ('waiting', 'running')"
)
_CLAIM: Final = "UPDATE jobs SET state = 'running', tries = tries + 1, begun_at = :at WHERE id = :job AND state = 'waiting'"


def job_effects(entry: Entry) -> Iterator[Change]:
    """What an entry does to the table of jobs when it is written, and never again. No projection."""
    data, at = entry.data, to_wire(entry.at)
    match entry.kind:
        case "job.asked":
            row = _row(data["job"], data["what"], entry.meeting, data["job"], data["options"], at)
            yield _INSERT, {**row, "asked_by": json_text(data["by"]) if data["by"] else None}
        case "job.cancelled":
            yield _END, {"job": data["job"], "state": "cancelled", "reason": None, "result": None, "at": at}
        case "job.failed":
            told = json_text({"detail": data["detail"]})
            yield (
                _END,
                {"job": data["job"], "state": "failed", "reason": data["reason"], "result": told, "at": at},
            )
        case "job.done":
            told = json_text({"files": data["files"], "told": data["told"], "took_ms": data["took_ms"]})
            yield _END, {"job": data["job"], "state": "done", "reason": None, "result": told, "at": at}


def _row(job: str, kind: str, meeting: str | None, subject: str, options: Mapping[str, Any], at: str) -> Json:
    return {
        "id": job,
        "kind": kind,
        "meeting": meeting,
        "subject": subject,
        "options": json_text(options),
        "asked_by": None,
        "state": "waiting",
        "reason": None,
        "result": None,
        "asked_at": at,
        "begun_at": None,
        "ended_at": None,
        "tries": 0,
    }


class JobStore:
    """What the runner of jobs does to their table. Each call is one transaction; Refusal `unavailable` when it cannot be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, job: str, kind: str, meeting: str | None, subject: str, options: Mapping[str, Any], at: datetime
    ) -> bool:
        """A job of the hub's own, unless there is one of this kind about this subject: whether it is new."""
        row = _row(job, kind, meeting, subject, options, to_wire(at))
        jobs = tables.jobs.c

        def work(connection: sa.Connection) -> bool:
            there = sa.select(jobs.id).where(jobs.kind == kind, jobs.subject == subject).limit(1)
            if connection.execute(there).first() is not None:
                return False
            connection.execute(tables.jobs.insert(), row)
            return True

        return await self._database.write(work)

    async def take_back(self) -> int:
        """Those that a hub that died left running wait again; how many."""
        jobs = tables.jobs
        again = jobs.update().where(jobs.c.state == "running").values(state="waiting")
        return await self._database.write(lambda connection: connection.execute(again).rowcount)

    async def waiting(self, kinds: Collection[str]) -> list[JobRow]:
        """Those of these kinds that wait, the first asked for first: what people ask for before the hub's own."""
        jobs = tables.jobs.c
        query = (
            sa.select(tables.jobs)
            .where(jobs.state == "waiting", jobs.kind.in_(sorted(kinds)))
            .order_by(sa.case((jobs.id == jobs.subject, 0), else_=1), jobs.asked_at, jobs.id)
            .limit(MOST)
        )
        return await self._database.read(
            lambda connection: [_job_of(row) for row in connection.execute(query)]
        )

    async def claim(self, job: str, at: datetime) -> JobRow | None:
        """It runs from now on; None when it does not wait any more."""
        jobs = tables.jobs.c

        def work(connection: sa.Connection) -> JobRow | None:
            claimed = connection.execute(sa.text(_CLAIM), {"job": job, "at": to_wire(at)})
            if claimed.rowcount != 1:
                return None
            return _job_of(connection.execute(sa.select(tables.jobs).where(jobs.id == job)).one())

        return await self._database.write(work)

    async def put_back(self, job: str) -> None:
        """It waits again: its process died."""
        jobs = tables.jobs
        again = jobs.update().where(jobs.c.id == job, jobs.c.state == "running").values(state="waiting")
        await self._database.write(lambda connection: connection.execute(again))

    async def done(self, kind: str) -> list[str]:
        """Ids of the jobs of this kind that are done, the newest first, MOST at most."""
        jobs = tables.jobs.c
        query = (
            sa.select(jobs.id)
            .where(jobs.kind == kind, jobs.state == "done")
            .order_by(jobs.ended_at.desc())
            .limit(MOST)
        )
        return list(await self._database.read(lambda connection: connection.scalars(query).all()))

    async def over(self, kind: str, before: datetime) -> list[str]:
        """Ids of the jobs of this kind that were done before then and whose files were not taken away."""
        jobs = tables.jobs.c
        query = sa.select(jobs.id).where(
            jobs.kind == kind, jobs.state == "done", jobs.ended_at < to_wire(before)
        )
        return list(await self._database.read(lambda connection: connection.scalars(query).all()))

    async def swept(self, job: str) -> None:
        """Its files were taken away, their time being over."""
        jobs = tables.jobs
        over = jobs.update().where(jobs.c.id == job, jobs.c.state == "done").values(state="swept")
        await self._database.write(lambda connection: connection.execute(over))

    async def end(
        self, job: str, state: str, reason: str | None, result: Mapping[str, Any], at: datetime
    ) -> None:
        """A job of the hub's own is over."""
        values = {
            "job": job,
            "state": state,
            "reason": reason,
            "result": json_text(result),
            "at": to_wire(at),
        }
        await self._database.write(lambda connection: connection.execute(sa.text(_END), values))

    async def result(self, kind: str, subject: str) -> Json | None:
        """What came of the newest job of this kind about this subject that is done."""
        return await self._database.read(lambda connection: made_of(connection, kind, subject))


def made_of(connection: sa.Connection, kind: str, subject: str) -> Json | None:
    """What came of the newest job of this kind about this subject that is done: `{"job", "files", "told"}`."""
    jobs = tables.jobs.c
    query = (
        sa.select(jobs.id, jobs.result)
        .where(jobs.kind == kind, jobs.subject == subject, jobs.state == "done")
        .order_by(jobs.asked_at.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else {"job": row.id, **json.loads(row.result or "{}")}


def made_for(connection: sa.Connection, kind: str, meeting: str) -> Json | None:
    """What came of the newest job of this kind that somebody asked for about a meeting and that is done, as `made_of`."""
    jobs = tables.jobs.c
    query = sa.select(jobs.id).where(jobs.kind == kind, jobs.meeting == meeting, jobs.state == "done")
    newest = connection.scalar(query.where(jobs.id == jobs.subject).order_by(jobs.asked_at.desc()).limit(1))
    return None if newest is None else made_of(connection, kind, newest)


def is_job_open(connection: sa.Connection, kind: str, subject: str) -> bool:
    """Whether one of this kind about this subject waits or runs."""
    jobs = tables.jobs.c
    query = sa.select(jobs.id).where(
        jobs.kind == kind, jobs.subject == subject, jobs.state.in_(("waiting", "running"))
    )
    return connection.execute(query.limit(1)).first() is not None


def _job_of(row: Any) -> JobRow:
    return JobRow(row.id, row.kind, row.meeting, row.subject, json.loads(row.options), row.tries)


def _told(row: Any) -> Json:
    result = json.loads(row.result) if row.result else {}
    asked = ASKED.get(row.kind)
    until = None
    if asked is not None and asked.kept is not None and row.state == "done":
        until = to_wire(from_wire(row.ended_at) + asked.kept)
    return {
        "id": row.id,
        "kind": row.kind,
        "meeting": row.meeting,
        "options": json.loads(row.options),
        "by": json.loads(row.asked_by) if row.asked_by else None,
        "state": row.state,
        "reason": row.reason,
        "files": result.get("files", []),
        "told": result.get("told", {}),
        "took_ms": result.get("took_ms"),
        "asked_at": row.asked_at,
        "begun_at": row.begun_at,
        "ended_at": row.ended_at,
        "until": until,
        "tries": row.tries,
        "progress": None,
    }


def read_jobs(
    connection: sa.Connection, sight: Sight | Everything, wanted: Any, limit: int = MOST
) -> list[Json]:
    """Jobs that people asked for, newest first. Who may see their meetings is for the caller to check."""
    jobs = tables.jobs.c
    query = (
        sa.select(tables.jobs)
        .where(jobs.id == jobs.subject, wanted)
        .order_by(jobs.asked_at.desc(), jobs.id.desc())
        .limit(limit)
    )
    return [_told(row) for row in connection.execute(query)]
