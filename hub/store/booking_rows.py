"""What entries about bookings and templates change in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.clock import to_wire
from hub.directory.secrecy import NORMAL
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql

_COLUMNS: Final = (
    "title",
    "kind",
    "chair",
    "chair_center",
    "backup",
    "starts_at",
    "minutes",
    "record",
    "drill",
    "notice_minutes",
    "by_itself",
    "note",
    "state",
    "called",
    "names",
    "centers",
    "line",
    "changed_at",
)
_CHANGE: Final = (
    "UPDATE bookings SET "  # noqa: S608 - names of columns
    + ", ".join(f"{name} = :{name}" for name in _COLUMNS)
    + ", sequence = sequence + 1, announced = (announced OR :announced), decided_by = NULL, decided_at = NULL,"
    " reason = '' WHERE id = :id"
)
_NO_CENTERS: Final = "DELETE FROM booking_centers WHERE booking = :booking"
_CENTER: Final = insert_sql(tables.booking_centers)
_APPROVE: Final = (
    "UPDATE bookings SET state = 'approved', announced = TRUE, decided_by = :by, decided_at = :at"
    " WHERE id = :booking"
)
_REFUSE: Final = "UPDATE bookings SET state = :state, reason = :reason, decided_by = :by, decided_at = :at WHERE id = :booking"
_STATE: Final = "UPDATE bookings SET state = :state WHERE id = :booking"
_OPEN: Final = "UPDATE bookings SET state = 'opened', meeting = :meeting WHERE id = :booking"
_MISS: Final = "UPDATE bookings SET state = 'missed', reason = :reason WHERE id = :booking"
# A statement, not a new row: within one group a template may be saved twice.
_KEEP: Final = (
    insert_sql(tables.templates)
    + " ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(
        f"{column.name} = excluded.{column.name}"
        for column in tables.templates.columns
        if column.name not in ("id", "seq")
    )
)
_REMOVE: Final = "DELETE FROM templates WHERE id = :template"


def _columns(entry: Entry) -> dict[str, Any]:
    data = entry.data
    plain = (
        "title",
        "kind",
        "starts_at",
        "minutes",
        "record",
        "notice_minutes",
        "by_itself",
        "note",
        "state",
    )
    return {
        **{name: data[name] for name in plain},
        "drill": data.get("drill", False),
        "level": data.get("level", NORMAL),
        "id": data["booking"],
        "chair": json_text(data["chair"]),
        "chair_center": data["chair"]["center"],
        # who booked before there were backups named none
        "backup": None if data.get("backup") is None else json_text(data["backup"]),
        "called": len(data["centers"]),
        "names": json_text(data["names"]),
        "centers": json_text(data["centers"]),
        "line": json_text(data["line"]),
        "changed_at": to_wire(entry.at),
        "announced": data["state"] == "approved",
    }


def _made(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.bookings,
        {
            **_columns(entry),
            "seq": entry.seq,
            "made_by": json_text(data["by"]),
            "center": data["by"]["center"],
            "template": data["template"],
            "sequence": 0,
            "meeting": None,
            "reason": "",
            "decided_by": None,
            "decided_at": None,
            "made_at": to_wire(entry.at),
        },
    )
    for center in data["centers"]:
        yield tables.booking_centers, {"booking": data["booking"], "center": center}


def _changed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _CHANGE, _columns(entry)
    yield _NO_CENTERS, {"booking": data["booking"]}
    for center in data["centers"]:
        yield _CENTER, {"booking": data["booking"], "center": center}


def _approved(entry: Entry) -> Iterator[Change]:
    by, at = json_text(entry.data["by"]), to_wire(entry.at)
    yield _APPROVE, {"booking": entry.data["booking"], "by": by, "at": at}


def _refused(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        _REFUSE,
        {
            "state": entry.kind.removeprefix("booking."),
            "reason": data["reason"],
            "by": json_text(data["by"]),
            "at": to_wire(entry.at),
            "booking": data["booking"],
        },
    )


def _stepped(entry: Entry) -> Iterator[Change]:
    yield _STATE, {"state": entry.kind.removeprefix("booking."), "booking": entry.data["booking"]}


def _opened(entry: Entry) -> Iterator[Change]:
    yield _OPEN, {"meeting": entry.data["opened"], "booking": entry.data["booking"]}


def _missed(entry: Entry) -> Iterator[Change]:
    yield _MISS, {"reason": entry.data["reason"], "booking": entry.data["booking"]}


def _saved(entry: Entry) -> Iterator[Change]:
    data = entry.data
    plain = ("scope", "title", "kind", "record", "minutes", "notice_minutes", "note")
    yield (
        _KEEP,
        {
            **{name: data[name] for name in plain},
            **{name: json_text(data[name]) for name in ("centers", "names")},
            # they were called groups at first, and the column still is
            "groups": json_text(data.get("reaches", data.get("groups", []))),
            "id": data["template"],
            "seq": entry.seq,
            "made_by": json_text(data["by"]),
            "account": data["by"]["account"],
            "center": data["by"]["center"],
            "saved_at": to_wire(entry.at),
        },
    )


def _removed(entry: Entry) -> Iterator[Change]:
    yield _REMOVE, {"template": entry.data["template"]}


KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "booking.made": _made,
    "booking.changed": _changed,
    "booking.approved": _approved,
    "booking.rejected": _refused,
    "booking.cancelled": _refused,
    "booking.noticed": _stepped,
    "booking.opened": _opened,
    "booking.held": _stepped,
    "booking.missed": _missed,
    "template.saved": _saved,
    "template.removed": _removed,
}
