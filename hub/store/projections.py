"""From an entry to the rows that readers look at: one function per kind of entry, in one table.

The same functions run in the transaction that writes an entry, in a rebuild and in verification. They look at the
entry and its standing alone, never at the database, a clock or the directory, so that the outcome is always the same.
Entries of kinds that are not listed here have no rows but those in `subjects`, `texts` and `spans`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.clock import to_wire
from hub.directory.secrecy import NORMAL, SECRET
from hub.entry import Entry, Standing
from hub.journal.chain import json_text
from hub.objects.reference import objects_of
from hub.store import (
    alarm_rows,
    attendance,
    booking_rows,
    calls,
    checks,
    clearing_rows,
    copy_rows,
    custody_rows,
    decision_rows,
    device_rows,
    duty_rows,
    errand_rows,
    grid_rows,
    grid_task_rows,
    house,
    incident_rows,
    mark_rows,
    minutes_rows,
    order_rows,
    patrol_rows,
    sweep_rows,
    tables,
    task_rows,
)
from hub.store.bulk import Change, insert_sql
from hub.store.camera_entries import told_of
from hub.store.searchable import is_shared, searchable
from hub.store.span_rows import spans

Project = Callable[[Entry], Iterator[Change]]

# The recorder tells of a part until it is heard, and rules forget the parts of ended meetings: the first telling holds.
_PART: Final = insert_sql(tables.parts) + " ON CONFLICT (recording, id) DO NOTHING"
_ALL_LEAVE: Final = (
    "UPDATE participants SET state = 'left', left_at = :at WHERE meeting = :meeting AND state = 'joined'"
)
_STAYS_END: Final = (
    "UPDATE stays SET left_at = :at WHERE meeting = :meeting AND left_at IS NULL AND seq < :seq"
)
_END: Final = "UPDATE meetings SET state = 'ended', ended_at = :at, ended_seq = :seq WHERE id = :meeting"
_LEVEL: Final = "UPDATE meetings SET level = :level WHERE id = :meeting"
_BROADCAST: Final = "UPDATE meetings SET broadcast = :participant WHERE id = :meeting"
_NO_BROADCAST_OF: Final = (
    "UPDATE meetings SET broadcast = NULL WHERE id = :meeting AND broadcast = :participant"
)
_STOP: Final = "UPDATE recordings SET stopped_at = :at WHERE id = :recording"
_CLOSE_PART: Final = (
    "UPDATE parts SET duration_ms = :duration_ms, bytes = :bytes, sha256 = :sha256, holes = :holes"
    " WHERE recording = :recording AND id = :part"
)


_CLOSE_SUBJECT: Final = (
    "DELETE FROM subjects WHERE subject = :subject AND NOT stays",
    "UPDATE subjects SET open = FALSE WHERE subject = :subject AND open",
)


def project(entry: Entry, standing: Standing | None) -> Iterator[Change]:
    """The changes of rows that `entry` brings, in order."""
    if standing is not None:
        yield from _in_subject(entry, standing)
    for digest in objects_of(entry.data):
        yield tables.object_names, {"object": digest, "seq": entry.seq}
    function = KINDS.get(entry.kind)
    if function is not None:
        yield from function(entry)
    yield from searchable(entry)
    yield from spans(entry)
    yield from told_of(entry)


def _in_subject(entry: Entry, standing: Standing) -> Iterator[Change]:
    if standing.open or standing.stays:
        yield tables.subjects, {"seq": entry.seq, **standing._asdict()}
    if not standing.open:
        for statement in _CLOSE_SUBJECT:
            yield statement, {"subject": standing.subject}
        if entry.kind in order_rows.KINDS:
            yield order_rows.ENDED, {"at": to_wire(entry.at), "order": standing.subject}


def _meeting_opened(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.meetings,
        {
            "id": entry.meeting,
            "seq": entry.seq,
            "title": data["title"],
            "kind": data["kind"],
            "state": "open",
            "chair": json_text(data["chair"]),
            "chair_center": data["chair"]["center"],
            "centers": json_text(data["centers"]),
            "opened_at": to_wire(entry.at),
            "ended_at": None,
            "ended_seq": None,
            "record": data["record"],
            "drill": data.get("drill", False),
            "broadcast": None,
            "level": data.get("level", NORMAL),
        },
    )
    for center in data["centers"]:
        yield tables.meeting_centers, {"meeting": entry.meeting, "center": center}


def _meeting_ended(entry: Entry) -> Iterator[Change]:
    at = to_wire(entry.at)
    yield _END, {"at": at, "seq": entry.seq, "meeting": entry.meeting}
    yield _ALL_LEAVE, {"at": at, "meeting": entry.meeting}
    yield _STAYS_END, {"at": at, "meeting": entry.meeting, "seq": entry.seq}
    yield _BROADCAST, {"participant": None, "meeting": entry.meeting}


def _secrecy_changed(entry: Entry) -> Iterator[Change]:
    level = SECRET if entry.kind == "secrecy.raised" else NORMAL
    yield _LEVEL, {"level": level, "meeting": entry.meeting}


def _stage_broadcast(entry: Entry) -> Iterator[Change]:
    yield _BROADCAST, {"participant": entry.data["participant"], "meeting": entry.meeting}


def _report_filed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.reports,
        {
            "id": data["report"],
            "seq": entry.seq,
            "meeting": entry.meeting,
            "situation": data["situation"],
            "text": data["text"],
            "center": data["center"],
            "name": data["name"],
            "at": to_wire(entry.at),
            "account": entry.actor.account,
            "shared": is_shared(entry),
            "category": data.get("category"),
            "place": data.get("place", ""),
            "persons": data.get("persons"),
            "urgency": data.get("urgency", "normal"),
            "task": data.get("task"),
            "attachments": json_text(data.get("attachments", [])),
        },
    )


def _note_added(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.notes,
        {
            "id": data["note"],
            "seq": entry.seq,
            "meeting": entry.meeting,
            "text": data["text"],
            "by": json_text(data["by"]),
            "center": entry.actor.center,
            "at": data["at"] or to_wire(entry.at),
            "shared": is_shared(entry),
        },
    )


def _recording_started(entry: Entry) -> Iterator[Change]:
    yield (
        tables.recordings,
        {
            "id": entry.data["recording"],
            "seq": entry.seq,
            "meeting": entry.meeting,
            "started_at": to_wire(entry.at),
            "stopped_at": None,
        },
    )


def _recording_stopped(entry: Entry) -> Iterator[Change]:
    yield _STOP, {"at": to_wire(entry.at), "recording": entry.data["recording"]}


def _part_opened(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        _PART,
        {
            "recording": data["recording"],
            "id": data["part"],
            "seq": entry.seq,
            "participant": data["participant"],
            "center": data["center"],
            "name": data["name"],
            "file": data["file"],
            "tracks": json_text(data["tracks"]),
            "started_at": data["started_at"],
            "source": data.get("source", "camera"),
            "holes": "[]",
            "duration_ms": None,
            "bytes": None,
            "sha256": None,
            "released_at": None,
            "returned_at": None,
            "destroyed": None,
        },
    )


def _part_closed(entry: Entry) -> Iterator[Change]:
    data: dict[str, Any] = {
        key: entry.data[key] for key in ("recording", "part", "duration_ms", "bytes", "sha256")
    }
    data["holes"] = json_text(entry.data.get("holes", []))
    yield _CLOSE_PART, data


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Project]] = {
    **attendance.KINDS,
    **checks.KINDS,
    **calls.KINDS,
    **alarm_rows.KINDS,
    **booking_rows.KINDS,
    **task_rows.KINDS,
    **clearing_rows.KINDS,
    **copy_rows.KINDS,
    **incident_rows.KINDS,
    **custody_rows.KINDS,
    **decision_rows.KINDS,
    **device_rows.KINDS,
    **minutes_rows.KINDS,
    **order_rows.KINDS,
    **duty_rows.KINDS,
    **mark_rows.KINDS,
    **patrol_rows.KINDS,
    **sweep_rows.KINDS,
    **errand_rows.KINDS,
    **grid_task_rows.KINDS,
    **grid_rows.KINDS,
    "meeting.opened": _meeting_opened,
    "meeting.ended": _meeting_ended,
    "secrecy.raised": _secrecy_changed,
    "secrecy.lowered": _secrecy_changed,
    "stage.broadcast": _stage_broadcast,
    "report.filed": _report_filed,
    "note.added": _note_added,
    "recording.started": _recording_started,
    "recording.stopped": _recording_stopped,
    "recording.part_opened": _part_opened,
    "recording.part_closed": _part_closed,
    "account.created": house.accounts_created,
    "account.changed": house.account_changed,
    "account.disabled": house.account_disabled,
    "account.enabled": house.account_disabled,
    "account.deleted": house.account_deleted,
    "center.imported": house.centers_imported,
    "center.created": house.center_created,
    "center.changed": house.centers_changed,
    "center.removed": house.centers_removed,
    "directory.adopted": house.adopted,
}
