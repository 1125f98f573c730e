"""What entries about patrols change in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.cameras.patrol_shapes import OUTCOMES
from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql

_KEEP: Final = (
    insert_sql(tables.patrol_routes)
    + " ON CONFLICT (id) DO UPDATE SET version = excluded.version, title = excluded.title, note = excluded.note,"
    " times = excluded.times, by_shift = excluded.by_shift, within_minutes = excluded.within_minutes,"
    " stops = excluded.stops, made_by = excluded.made_by, changed_at = excluded.changed_at"
)
_TIME: Final = "UPDATE patrol_routes SET next_at = :at WHERE id = :route"
_WITHDRAW: Final = "UPDATE patrol_routes SET withdrawn_at = :at, next_at = NULL WHERE id = :route"
_STAND: Final = "stands_since = :at, seconds = 0, quality = NULL"
_TAKE: Final = (
    "UPDATE patrol_rounds SET state = 'walking', walker = :by, taken_at = COALESCE(taken_at, :at), stands_since = :at,"
    " seconds = 0, quality = NULL WHERE id = :round"
)
_LEAVE: Final = (
    "UPDATE patrol_rounds SET state = 'waiting', walker = NULL, stands_since = NULL, seconds = 0, quality = NULL"
    " WHERE id = :round"
)
_SEE: Final = "UPDATE patrol_rounds SET seconds = :seconds, quality = :quality WHERE id = :round"
#: By what came of a stop: one more of it, and the next stop.
_CHECK: Final = {
    outcome: f"UPDATE patrol_rounds SET {outcome} = {outcome} + 1, stop = stop + 1, {_STAND} WHERE id = :round"  # noqa: S608
    for outcome in OUTCOMES
}
_FALL_DUE: Final = "UPDATE patrol_rounds SET fell_due_at = :at WHERE id = :round"
_END: Final = (
    "UPDATE patrol_rounds SET state = :state, walker = NULL, stands_since = NULL, seconds = 0, quality = NULL,"
    " ended_at = :at, late = :late, reason = :reason, ended_by = :by WHERE id = :round"
)


def _json(value: Any) -> str | None:
    return None if value is None else json_text(value)


def _kept(entry: Entry) -> Iterator[Change]:
    data = entry.data
    plain = ("version", "center", "center_name", "title", "note", "by_shift", "within_minutes")
    yield (
        _KEEP,
        {
            **{name: data[name] for name in plain},
            "id": data["route"],
            "seq": entry.seq,
            "times": json_text(data["times"]),
            "stops": len(data["stops"]),
            "next_at": None,
            "made_by": json_text(data["by"]),
            "changed_at": to_wire(entry.at),
            "withdrawn_at": None,
        },
    )
    yield (
        tables.patrol_versions,
        {"route": data["route"], "version": data["version"], "stops": json_text(data["stops"])},
    )


def _timed(entry: Entry) -> Iterator[Change]:
    yield _TIME, {"route": entry.data["route"], "at": entry.data["at"]}


def _withdrawn(entry: Entry) -> Iterator[Change]:
    yield _WITHDRAW, {"route": entry.data["route"], "at": to_wire(entry.at)}


def _opened(entry: Entry) -> Iterator[Change]:
    data = entry.data
    plain = ("route", "version", "title", "center", "center_name", "due", "total")
    yield (
        tables.patrol_rounds,
        {
            **{name: data[name] for name in plain},
            **dict.fromkeys(OUTCOMES, 0),
            "id": data["round"],
            "seq": entry.seq,
            "opened_at": to_wire(entry.at),
            "opened_by": _json(data["by"]),
            "state": "waiting",
            "walker": None,
            "taken_at": None,
            "stop": 1,
            "stands_since": None,
            "seconds": 0,
            "quality": None,
            "fell_due_at": None,
            "ended_at": None,
            "late": False,
            "reason": "",
            "ended_by": None,
        },
    )


def _walk(entry: Entry) -> Change:
    data = entry.data
    return tables.patrol_walks, {
        "seq": entry.seq,
        "round": data["round"],
        "kind": entry.kind.removeprefix("patrol."),
        "at": to_wire(entry.at),
        "stop": data["stop"],
        "by": json_text(data["by"]),
        "relieves": _json(data.get("relieves")),
        "reason": data.get("reason", ""),
    }


def _taken(entry: Entry) -> Iterator[Change]:
    yield _walk(entry)
    yield (
        _TAKE,
        {"round": entry.data["round"], "by": json_text(entry.data["by"]), "at": to_wire(entry.at)},
    )


def _interrupted(entry: Entry) -> Iterator[Change]:
    yield _walk(entry)
    yield _LEAVE, {"round": entry.data["round"]}


def _seen(entry: Entry) -> Iterator[Change]:
    yield _SEE, {name: entry.data[name] for name in ("round", "seconds", "quality")}


def _checked(entry: Entry) -> Iterator[Change]:
    data, at = entry.data, to_wire(entry.at)
    made = data["made"] or {"what": None, "id": None}
    plain = (
        "round",
        "stop",
        "outcome",
        "reason",
        "seconds",
        "quality",
        "stayed",
        "text",
        "place",
        "urgency",
    )
    yield (
        tables.patrol_checks,
        {
            **{name: data[name] for name in plain},
            "seq": entry.seq,
            "at": at,
            "made_what": made["what"],
            "made_id": made["id"],
            "attachments": json_text(data["attachments"]),
            "by": json_text(data["by"]),
        },
    )
    yield _CHECK[data["outcome"]], {"round": data["round"], "at": at}


def _fell_due(entry: Entry) -> Iterator[Change]:
    yield _FALL_DUE, {"round": entry.data["round"], "at": to_wire(entry.at)}


def _ended(entry: Entry) -> Iterator[Change]:
    data = entry.data
    plain = ("round", "state", "late", "reason")
    yield (
        _END,
        {**{name: data[name] for name in plain}, "by": _json(data["by"]), "at": to_wire(entry.at)},
    )


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "patrol.kept": _kept,
    "patrol.timed": _timed,
    "patrol.withdrawn": _withdrawn,
    "patrol.opened": _opened,
    "patrol.taken": _taken,
    "patrol.interrupted": _interrupted,
    "patrol.seen": _seen,
    "patrol.checked": _checked,
    "patrol.fell_due": _fell_due,
    "patrol.ended": _ended,
}
