"""Rows of decisions: how entries make and change them, and how they are read, in the shapes of docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change
from hub.store.searchable import is_shared

_AMEND: Final = "UPDATE decisions SET amended_by = :by WHERE id = :amended"
_EDIT: Final = (
    "UPDATE decisions SET text = :text, basis = :basis, responsible = :responsible WHERE id = :decision"
)
_CONFIRM: Final = (
    "UPDATE decisions SET state = 'confirmed', confirmed_by = :by, confirmed_at = :at WHERE id = :decision"
)
_WITHDRAW: Final = "UPDATE decisions SET state = 'withdrawn' WHERE id = :decision"


def _recorded(entry: Entry) -> Iterator[Change]:
    data, at = entry.data, to_wire(entry.at)
    # what was recorded before there were drafts is decided
    state, amends = data.get("state", "confirmed"), data.get("amends")
    confirmed = state == "confirmed" and "state" in data
    yield (
        tables.decisions,
        {
            "id": data["decision"],
            "seq": entry.seq,
            "meeting": entry.meeting,
            "text": data["text"],
            "by": json_text(data["by"]),
            "center": data["by"]["center"],
            "at": at,
            "shared": is_shared(entry),
            "state": state,
            "basis": json_text(data.get("basis", [])),
            "responsible": json_text(data.get("responsible", [])),
            "amends": amends,
            "amended_by": None,
            "confirmed_by": json_text(data["by"]) if confirmed else None,
            "confirmed_at": at if confirmed else None,
        },
    )
    if amends is not None and state == "confirmed":
        yield _AMEND, {"by": data["decision"], "amended": amends}


def _edited(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        _EDIT,
        {
            "text": data["text"],
            "basis": json_text(data["basis"]),
            "responsible": json_text(data["responsible"]),
            "decision": data["decision"],
        },
    )


def _confirmed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _CONFIRM, {"by": json_text(data["by"]), "at": to_wire(entry.at), "decision": data["decision"]}
    if data["amends"] is not None:
        yield _AMEND, {"by": data["decision"], "amended": data["amends"]}


def _withdrawn(entry: Entry) -> Iterator[Change]:
    yield _WITHDRAW, {"decision": entry.data["decision"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "decision.recorded": _recorded,
    "decision.edited": _edited,
    "decision.confirmed": _confirmed,
    "decision.withdrawn": _withdrawn,
}


def decision_of(row: Any) -> dict[str, Any]:
    """A row as a Decision."""
    return {
        "id": row.id,
        "seq": row.seq,
        "meeting": row.meeting,
        "text": row.text,
        "by": json.loads(row.by),
        "at": row.at,
        "state": row.state,
        "basis": json.loads(row.basis),
        "responsible": json.loads(row.responsible),
        "amends": row.amends,
        "amended_by": row.amended_by,
        "confirmed_by": None if row.confirmed_by is None else json.loads(row.confirmed_by),
        "confirmed_at": row.confirmed_at,
    }
