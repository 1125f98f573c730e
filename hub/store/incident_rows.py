"""What entries about incidents and appeals change in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from hub.clock import to_wire
from hub.dispatch.incident_shapes import OVER
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql

_STANDS: Final = (
    "UPDATE incidents SET state = :state, responsible = :responsible, responsible_name = :responsible_name,"
    " checker = :checker, checker_name = :checker_name, changed_at = :at, turn = {turn} WHERE id = :incident"
)
_GOES_ON: Final = _STANDS.format(turn="'0' || COALESCE(due, '9')")
_IS_OVER: Final = _STANDS.format(turn="'1'")
# Told of twice, it concerns a center once.
_CONCERNS: Final = insert_sql(tables.incident_centers) + " ON CONFLICT (incident, center) DO NOTHING"
_CORRECT: Final = (
    "UPDATE incidents SET title = :title, text = :text, category = :category, place = :place, urgency = :urgency,"
    " overdue_at = CASE WHEN due = :same THEN overdue_at END, due = :due WHERE id = :incident"
)
_REOPEN: Final = (
    "UPDATE incidents SET overdue_at = CASE WHEN due = :same THEN overdue_at END, due = :due, closed_at = NULL,"
    " reopened = reopened + 1 WHERE id = :incident"
)
_RETURN: Final = "UPDATE incidents SET returned = returned + 1 WHERE id = :incident"
_CLOSE: Final = "UPDATE incidents SET closed_at = :at WHERE id = :incident"
_POINT: Final = "UPDATE incidents SET main = :main, main_id = :main_id WHERE id = :incident"
_LATE: Final = "UPDATE incidents SET overdue_at = :at WHERE id = :incident"

#: What of an entry's data stands beside its words in the time line.
_MORE: Final = ("before", "to", "direction", "main", "other", "order", "due")


def _registered(entry: Entry) -> Iterator[Change]:
    data, at = entry.data, to_wire(entry.at)
    by, stands = data["by"], data["stands"]
    plain = ("number", "kind", "title", "text", "category", "place", "urgency", "source", "due")
    yield (
        tables.incidents,
        {
            **{name: data[name] for name in plain},
            "id": data["incident"],
            "seq": entry.seq,
            "site": _json(data["site"]),
            "about": _json(data["about"]),
            "about_id": None if data["about"] is None else data["about"]["id"],
            "meeting": entry.meeting,
            "attachments": json_text(data["attachments"]),
            "overdue_at": None,
            "state": stands["state"],
            **_sides(stands),
            "center": by["center"],
            "center_name": by["center_name"],
            "made_by": json_text(by),
            "main": None,
            "main_id": None,
            "returned": 0,
            "reopened": 0,
            "turn": f"0{data['due'] or '9'}",
            "registered_at": at,
            "changed_at": at,
            "closed_at": None,
        },
    )
    site = [] if data["site"] is None else [data["site"]["center"]]
    for center in dict.fromkeys([by["center"], *site]):
        yield tables.incident_centers, {"incident": data["incident"], "center": center}
    yield _step(entry)


def _json(value: Any) -> str | None:
    return None if value is None else json_text(value)


def _sides(stands: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: text
        for side in ("responsible", "checker")
        for name, text in ((side, stands[side]["center"]), (f"{side}_name", stands[side]["name"]))
    }


def _step(entry: Entry) -> Change:
    data = entry.data
    return tables.incident_steps, {
        "seq": entry.seq,
        "incident": data["incident"],
        "kind": entry.kind.removeprefix("incident."),
        "at": to_wire(entry.at),
        "meeting": entry.meeting,
        "by": _json(data.get("by")),
        "text": data.get("text", ""),
        "attachments": json_text(data.get("attachments", [])),
        "more": json_text({name: data[name] for name in _MORE if name in data}),
    }


def _stepped(entry: Entry) -> Iterator[Change]:
    """Its time line, and how it stands."""
    yield _step(entry)
    stands = entry.data.get("stands")
    if stands is None:
        return
    incident = entry.data["incident"]
    values = {"incident": incident, "state": stands["state"], "at": to_wire(entry.at), **_sides(stands)}
    yield _IS_OVER if stands["state"] in OVER else _GOES_ON, values
    yield _CONCERNS, {"incident": incident, "center": stands["responsible"]["center"]}


def _changed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    plain = ("incident", "title", "text", "category", "place", "urgency", "due")
    yield _CORRECT, {**{name: data[name] for name in plain}, "same": data["due"]}
    yield from _stepped(entry)


def _reopened(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _REOPEN, {"incident": data["incident"], "due": data["due"], "same": data["due"]}
    yield from _stepped(entry)


def _returned(entry: Entry) -> Iterator[Change]:
    yield _RETURN, {"incident": entry.data["incident"]}
    yield from _stepped(entry)


def _closed(entry: Entry) -> Iterator[Change]:
    yield _CLOSE, {"incident": entry.data["incident"], "at": to_wire(entry.at)}
    yield from _stepped(entry)


def _joined(entry: Entry) -> Iterator[Change]:
    main = entry.data["main"]
    yield _POINT, {"incident": entry.data["incident"], "main": json_text(main), "main_id": main["id"]}
    yield from _stepped(entry)


def _separated(entry: Entry) -> Iterator[Change]:
    yield _POINT, {"incident": entry.data["incident"], "main": None, "main_id": None}
    yield from _stepped(entry)


def _overdue(entry: Entry) -> Iterator[Change]:
    yield _LATE, {"incident": entry.data["incident"], "at": to_wire(entry.at)}
    yield from _stepped(entry)


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "incident.registered": _registered,
    "incident.changed": _changed,
    "incident.studied": _stepped,
    "incident.routed": _stepped,
    "incident.acknowledged": _stepped,
    "incident.noted": _stepped,
    "incident.completed": _stepped,
    "incident.passed": _stepped,
    "incident.returned": _returned,
    "incident.closed": _closed,
    "incident.reopened": _reopened,
    "incident.joined": _joined,
    "incident.separated": _separated,
    "incident.gathered": _stepped,
    "incident.released": _stepped,
    "incident.overdue": _overdue,
    "incident.ordered": _stepped,
}
