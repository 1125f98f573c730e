"""Rows of holds and disposal lists: how entries make and change them, and what they do to rows that no entry makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql

_LIFT_ASKED: Final = (
    "UPDATE holds SET lift_reason = :reason, lift_by = :by, lift_at = :at WHERE id = :hold AND seq < :seq"
)
_LIFTED: Final = "UPDATE holds SET lifted_by = :by, lifted_at = :at WHERE id = :hold AND seq < :seq"
_KEPT: Final = (
    "UPDATE holds SET lift_reason = '', lift_by = NULL, lift_at = NULL WHERE id = :hold AND seq < :seq"
)
_DECIDED: Final = (
    "UPDATE disposals SET state = :state, decided_by = :by, decided_at = :at, decided_reason = :reason"
    " WHERE id = :disposal AND seq < :seq"
)
_COMPLETED: Final = (
    "UPDATE disposals SET state = 'completed', destroyed = :items, freed = :bytes, spared = :spared, completed_at = :at"
    " WHERE id = :disposal AND seq < :seq"
)
# A meeting with more things than one entry tells of has several: the sums of a kind grow.
_DESTROYED: Final = (
    insert_sql(tables.destroyed) + " ON CONFLICT (meeting, disposal, kind) DO UPDATE SET"
    " items = destroyed.items + excluded.items, bytes = destroyed.bytes + excluded.bytes"
)
_PART: Final = "UPDATE parts SET destroyed = :disposal WHERE recording = :recording AND id = :part"


def _placed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.holds,
        {
            "id": data["hold"],
            "meeting": entry.meeting,
            "seq": entry.seq,
            "reason": data["reason"],
            "placed_by": json_text(data["by"]),
            "placed_at": to_wire(entry.at),
            "lift_reason": "",
            "lift_by": None,
            "lift_at": None,
            "lifted_by": None,
            "lifted_at": None,
        },
    )


def _of_hold(statement: str) -> Callable[[Entry], Iterator[Change]]:
    def change(entry: Entry) -> Iterator[Change]:
        data = entry.data
        values = {"hold": data["hold"], "seq": entry.seq}
        if statement != _KEPT:
            values |= {"by": json_text(data["by"]), "at": to_wire(entry.at)}
        if statement == _LIFT_ASKED:
            values["reason"] = data["reason"]
        yield statement, values

    return change


def _asked(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.disposals,
        {
            "id": data["disposal"],
            "seq": entry.seq,
            "number": data["number"],
            "state": "asked",
            "on_at": data["on"],
            "kinds": json_text(data["kinds"]),
            "centers": json_text(data["centers"]),
            "digest": data["content"]["object"],
            "list_bytes": data["content"]["bytes"],
            "meetings": data["meetings"],
            "reason": data["reason"],
            "asked_by": json_text(data["by"]),
            "asked_role": data["role"],
            "asked_at": to_wire(entry.at),
            "decided_by": None,
            "decided_at": None,
            "decided_reason": "",
            "destroyed": 0,
            "freed": 0,
            "spared": 0,
            "completed_at": None,
        },
    )


def _decided(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        _DECIDED,
        {
            "disposal": data["disposal"],
            "seq": entry.seq,
            "state": data.get("outcome", "approved"),
            "by": json_text(data["by"]),
            "at": to_wire(entry.at),
            "reason": data.get("reason", ""),
        },
    )


def _completed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    values = {name: data[name] for name in ("disposal", "items", "bytes", "spared")}
    yield _COMPLETED, {**values, "at": to_wire(entry.at), "seq": entry.seq}


def _row(entry: Entry, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "meeting": entry.meeting,
        "disposal": entry.data["disposal"],
        "kind": kind,
        "seq": entry.seq,
        "number": entry.data["number"],
        "at": to_wire(entry.at),
        "items": 0,
        "bytes": 0,
        "spared": "",
        "asked_by": None,
        "approved_by": None,
        **more,
    }


def _destroyed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    who = {"asked_by": json_text(data["asked_by"]), "approved_by": json_text(data["approved_by"])}
    by_kind: dict[str, list[int]] = {}
    for item in data["items"]:
        sums = by_kind.setdefault(item["kind"], [0, 0])
        sums[0] += 1
        sums[1] += sum(file["bytes"] for file in item["files"])
        if item["kind"] == "recordings":
            recording, _, part = item["id"].partition("/")
            yield _PART, {"disposal": data["disposal"], "recording": recording, "part": part}
    for kind, (items, size) in by_kind.items():
        yield _DESTROYED, _row(entry, kind, items=items, bytes=size, **who)


def _spared(entry: Entry) -> Iterator[Change]:
    yield tables.destroyed, _row(entry, "", spared=entry.data["reason"])


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "hold.placed": _placed,
    "hold.lift_asked": _of_hold(_LIFT_ASKED),
    "hold.lifted": _of_hold(_LIFTED),
    "hold.kept": _of_hold(_KEPT),
    "disposal.asked": _asked,
    "disposal.approved": _decided,
    "disposal.rejected": _decided,
    "disposal.destroyed": _destroyed,
    "disposal.spared": _spared,
    "disposal.completed": _completed,
}

_JOB: Final = "UPDATE jobs SET state = 'destroyed' WHERE id = :job AND state = 'done'"
_OBJECT: Final = "DELETE FROM objects WHERE id = :digest"
_OWNERS: Final = "DELETE FROM object_owners WHERE object = :digest"
_WORK: Final = "DELETE FROM minutes_work WHERE id = :meeting"
_SCANNED: Final = "DELETE FROM scanned WHERE kind = :kind AND id = :id"


def custody_effects(entry: Entry) -> Iterator[Change]:
    """What an entry takes away of rows that no entry makes, when it is written, and never again. No projection."""
    if entry.kind != "disposal.destroyed":
        return
    for item in entry.data["items"]:
        match item["kind"]:
            case "films" | "clips" | "packs":
                yield _JOB, {"job": item["id"]}
            case "recordings":
                yield _SCANNED, {"kind": "part", "id": item["id"]}
            case "minutes":
                yield _WORK, {"meeting": entry.meeting}
                for file in item["files"]:
                    yield _OBJECT, {"digest": file["sha256"]}
                    yield _OWNERS, {"digest": file["sha256"]}
                    yield _SCANNED, {"kind": "object", "id": file["sha256"]}
