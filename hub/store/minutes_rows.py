"""Rows of minutes: how entries make and change them, and how they are read, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry, center_audience
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql
from hub.store.sight import Condition, Everything, Sight

Json = dict[str, Any]

_minutes, _meetings, _versions = tables.minutes.c, tables.meetings.c, tables.minutes_versions.c
_SUBMIT: Final = (
    insert_sql(tables.minutes)
    + " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, chair = excluded.chair, chair_by = excluded.chair_by,"
    " writer = excluded.writer, state = excluded.state, submission = excluded.submission, digest = excluded.digest,"
    " why = excluded.why, submitted_by = excluded.submitted_by, submitted_at = excluded.submitted_at,"
    " decided_by = NULL, decided_at = NULL, reason = ''"
)
_DECIDE: Final = (
    "UPDATE minutes SET seq = :seq, state = :state, decided_by = :by, decided_at = :at, reason = :reason"
    " WHERE id = :id"
)
_APPROVE: Final = "UPDATE minutes SET version = :version, number = :number WHERE id = :id"


def _submitted(entry: Entry) -> Iterator[Change]:
    data = entry.data
    # the words of the audience name the convener's center: the entry itself has no field for it
    center = next(word for word in entry.audience if word.startswith(center_audience("")))
    yield (
        _SUBMIT,
        {
            "id": data["minutes"],
            "seq": entry.seq,
            "center": center.removeprefix(center_audience("")),
            "chair": data["chair"]["account"],
            "chair_by": json_text(data["chair"]),
            "writer": data["by"]["account"],
            "state": "submitted",
            "submission": data["submission"],
            "version": 0,
            "number": "",
            "digest": data["text"]["object"],
            "why": data["why"],
            "submitted_by": json_text(data["by"]),
            "submitted_at": to_wire(entry.at),
            "decided_by": None,
            "decided_at": None,
            "reason": "",
        },
    )


def _decided(state: str) -> Callable[[Entry], Iterator[Change]]:
    def decide(entry: Entry) -> Iterator[Change]:
        data, at = entry.data, to_wire(entry.at)
        yield (
            _DECIDE,
            {
                "seq": entry.seq,
                "state": state,
                "by": json_text(data["by"]),
                "at": at,
                "reason": data.get("reason", ""),
                "id": data["minutes"],
            },
        )
        if state == "approved":
            yield _APPROVE, {"version": data["version"], "number": data["number"], "id": data["minutes"]}
            yield (
                tables.minutes_versions,
                {
                    "id": data["minutes"],
                    "version": data["version"],
                    "seq": entry.seq,
                    "number": data["number"],
                    "digest": data["text"]["object"],
                    "bytes": data["text"]["bytes"],
                    "why": data["why"],
                    "written_by": json_text(data["written_by"]),
                    "approved_by": json_text(data["by"]),
                    "approved_at": at,
                },
            )

    return decide


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "minutes.submitted": _submitted,
    "minutes.returned": _decided("returned"),
    "minutes.withdrawn": _decided("withdrawn"),
    "minutes.approved": _decided("approved"),
}


#: What is told of the meeting with how its minutes stand.
_OF_MEETING: Final = ("title", "opened_at", "ended_at", "drill", "level")


def read_minutes(
    connection: sa.Connection, sight: Sight | Everything, *conditions: Condition, limit: int | None = None
) -> list[Json]:
    """How minutes stand, what changed last first."""
    query = (
        sa.select(tables.minutes, *(_meetings[each] for each in _OF_MEETING))
        .join(tables.meetings, _meetings.id == _minutes.id)
        .where(sight.minutes(), *conditions)
        .order_by(_minutes.seq.desc())
        .limit(limit)
    )
    return [_standing(row) for row in connection.execute(query)]


def minutes_page(
    connection: sa.Connection, sight: Sight, states: Sequence[str], before: int, limit: int
) -> Json:
    """``{"minutes": [Minutes…], "next": seq | null}``, what changed last first."""
    conditions: list[Condition] = [_minutes.seq < before]
    if states:
        conditions.append(_minutes.state.in_(sorted(states)))
    found = read_minutes(connection, sight, *conditions, limit=limit + 1)
    return {"minutes": found[:limit], "next": found[limit - 1]["seq"] if len(found) > limit else None}


def read_versions(connection: sa.Connection, meeting: str) -> list[Json]:
    """The approved versions of a meeting's minutes, the first one first. Who may read them is for the caller to check."""
    query = sa.select(tables.minutes_versions).where(_versions.id == meeting).order_by(_versions.version)
    return [
        {
            "version": row.version,
            "number": row.number,
            "digest": row.digest,
            "bytes": row.bytes,
            "why": row.why,
            "written_by": json.loads(row.written_by),
            "approved_by": json.loads(row.approved_by),
            "approved_at": row.approved_at,
        }
        for row in connection.execute(query)
    ]


def _standing(row: Any) -> Json:
    plain = (
        *(*_OF_MEETING, "id", "seq", "center", "state", "submission", "version", "number"),
        *("digest", "why", "submitted_at", "decided_at", "reason"),
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "drill": bool(row.drill),
        "chair": json.loads(row.chair_by),
        "submitted_by": json.loads(row.submitted_by),
        "decided_by": None if row.decided_by is None else json.loads(row.decided_by),
    }
