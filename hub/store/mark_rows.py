"""Rows of marks: how entries make and change them; how those of a meeting are read, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change

Json = dict[str, Any]

_CHANGE: Final = (
    "UPDATE moment_marks SET at = :at, kind = :kind, text = :text, seq = :seq, changed_at = :changed_at"
    " WHERE id = :mark"
)
_WITHDRAW: Final = "UPDATE moment_marks SET withdrawn_at = :at, seq = :seq WHERE id = :mark"


def _added(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.moment_marks,
        {
            "id": data["mark"],
            "seq": entry.seq,
            "meeting": entry.meeting,
            "at": data["at"],
            "kind": data["kind"],
            "text": data["text"],
            "by": json_text(data["by"]),
            "made_at": to_wire(entry.at),
            "changed_at": None,
            "withdrawn_at": None,
        },
    )


def _changed(entry: Entry) -> Iterator[Change]:
    data = {name: entry.data[name] for name in ("mark", "at", "kind", "text")}
    yield _CHANGE, {**data, "seq": entry.seq, "changed_at": to_wire(entry.at)}


def _withdrawn(entry: Entry) -> Iterator[Change]:
    yield _WITHDRAW, {"at": to_wire(entry.at), "seq": entry.seq, "mark": entry.data["mark"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "mark.added": _added,
    "mark.changed": _changed,
    "mark.withdrawn": _withdrawn,
}


def read_marks(connection: sa.Connection, meeting: str) -> list[Json]:
    """The marks of a meeting by their moments, those that were taken back among them."""
    marks = tables.moment_marks
    plain = ("id", "seq", "meeting", "at", "kind", "text", "made_at", "changed_at", "withdrawn_at")
    rows = connection.execute(
        sa.select(marks).where(marks.c.meeting == meeting).order_by(marks.c.at, marks.c.id)
    )
    return [{**{name: getattr(row, name) for name in plain}, "by": json.loads(row.by)} for row in rows]
