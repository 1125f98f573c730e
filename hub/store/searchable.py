"""What of an entry is found by its words: one row of `texts` for each kind that is listed here.

What stands in the journal stands there for ever, and so does its row: residents' data is in no entry, so it is in no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import EVERYONE_IN_MEETING, Entry
from hub.store import tables
from hub.store.bulk import Change

#: What people call those who sit in a meeting.
_ROLES: Final = {
    "leader": "领导",
    "dispatcher": "调度员",
    "station": "站点 值守",
    "clerk": "档案员 文书",
    "grid_leader": "网格长",
    "grid_member": "网格员",
}
#: An order to more than these is found by its own words alone, or by the filter of centers.
_NAMED_TARGETS: Final = 12

Data = Any
Words = Callable[[Data], str]


def is_shared(entry: Entry) -> bool:
    """Whether all who see the meeting may read the entry."""
    return entry.meeting is not None and EVERYONE_IN_MEETING in entry.audience


def _none(_: Data) -> str:
    return ""


def _by(data: Data) -> str:
    return _author(data["by"])


def _author(who: Data) -> str:
    return f"{who['center_name']} {who['name']}".strip()


def _text(data: Data) -> str:
    return str(data["text"])


def _reason(data: Data) -> str:
    return str(data["reason"])


def _target(data: Data) -> str:
    return f"{data['name']} {data['account_name']}".strip()


def _by_center(data: Data) -> str:
    return str(data["by"]["center"])


def _center(data: Data) -> str:
    return str(data["center"])


def _titled(data: Data) -> str:
    return f"{data['title']} {data['text']}".strip()


def _names(targets: Iterable[Data]) -> str:
    names = [each["name"] for each in targets]
    return " ".join(names) if len(names) <= _NAMED_TARGETS else ""


@dataclass(frozen=True, slots=True)
class Found:
    """How the entries of one kind are found. Each function is given the entry's data."""

    #: Of `hub.filters.SORTS`.
    sort: str
    #: The field with the id of what it belongs to; none: its meeting.
    subject: str | None
    text: Words = _text
    who: Words = _by
    center: Words = _by_center
    #: More names that it is found by.
    named: Words = _none
    #: The moment that it is about, where that is not when it was written.
    at: Callable[[Data], str | None] = lambda _: None


def _incident(text: Words = _text, *, named: Words = _none) -> Found:
    return Found("incident", "incident", text, named=named)


def _booked(data: Data) -> str:
    return f"{data['title']} {data['note']}".strip()


def _handed(data: Data) -> str:
    """A hand-over note: its parts one after the other."""
    parts = (data[part] for part in ("situation", "done", "to_do", "resources", "remarks"))
    return "；".join(part for part in parts if part)


def _turn(data: Data) -> str:
    return f"{data['center_name']} {data['name']}".strip()


_BOOKING: Final = Found(
    "booking",
    "booking",
    _booked,
    named=lambda data: f"{_author(data['chair'])} {' '.join(data['names'])}",
)

#: Entry kind -> how it is found.
FOUND: Final[dict[str, Found]] = {
    "meeting.opened": Found(
        "meeting",
        None,
        lambda data: data["title"],
        lambda data: _author(data["chair"]),
        lambda data: data["chair"]["center"],
    ),
    "meeting.joined": Found(
        "person",
        None,
        lambda data: _author(data["participant"]),
        _none,
        lambda data: data["participant"]["center"],
        lambda data: f"{_author(data['participant'])} {_ROLES.get(data['participant']['role'], '')}",
    ),
    "meeting.signed_in": Found(
        "person",
        None,
        lambda data: f"{data['name']} {data['duty']}".strip(),
        _none,
        _center,
        lambda data: data["name"],
    ),
    "order.issued": Found(
        "order",
        "order",
        _text,
        lambda data: _author(data["issuer"]),
        lambda data: data["issuer"]["center"],
        lambda data: f"{data.get('number', '')} {_names(data['targets'])}",
    ),
    "order.corrected": Found("order", "order"),
    "order.withdrawn": Found("order", "order", _reason),
    "order.progressed": Found("answer", "order", _text, _target, _center),
    "order.completed": Found("answer", "order", _text, _target, _center),
    "order.returned": Found("answer", "order", _reason, _by, _center, lambda data: data["name"]),
    "extension.asked": Found("answer", "order", _reason, _target, _center),
    "report.filed": Found(
        "report", "report", _text, lambda data: data["name"], _center, lambda data: data.get("place", "")
    ),
    "incident.registered": _incident(
        _titled,
        named=lambda data: (
            f"{data['number']} {data['place']} {'' if data['site'] is None else data['site']['name']}"
        ),
    ),
    "incident.changed": _incident(_titled, named=lambda data: data["place"]),
    **{
        f"incident.{what}": _incident()
        for what in ("studied", "routed", "noted", "completed", "returned", "closed", "reopened")
    },
    # of what came of a stop only a finding has words
    "patrol.checked": Found(
        "patrol",
        "round",
        center=_center,
        named=lambda data: (
            f"{data['title']} {data['camera_name']} {data['camera_center_name']} {data['place']}"
        ),
    ),
    "decision.recorded": Found("decision", "decision"),
    "decision.edited": Found("decision", "decision", who=_none, center=lambda _: ""),
    "mark.added": Found("mark", "mark", at=lambda data: data["at"]),
    "mark.changed": Found("mark", "mark", at=lambda data: data["at"]),
    "note.added": Found("note", "note", at=lambda data: data["at"]),
    "banner.shown": Found("banner", "banner"),
    "task.given": Found("task", "task", _titled, named=lambda data: " ".join(data["names"])),
    "task.changed": Found("task", "task"),
    "booking.made": _BOOKING,
    "booking.changed": _BOOKING,
    "duty.handed": Found("duty", "turn", _handed, _turn, _center),
}


def searchable(entry: Entry) -> Iterator[Change]:
    """The row by which an entry is found; none without a text."""
    found = FOUND.get(entry.kind)
    text = "" if found is None else found.text(entry.data)
    if found is None or not text:
        return
    data = entry.data
    subject = entry.meeting if found.subject is None else data[found.subject]
    yield (
        tables.texts,
        {
            "seq": entry.seq,
            "meeting": entry.meeting,
            "sort": found.sort,
            "kind": entry.kind,
            "at": found.at(data) or to_wire(entry.at),
            "subject": subject or "",
            "center": found.center(data) or entry.actor.center,
            "who": found.who(data),
            "named": found.named(data).strip(),
            "text": text,
            "shared": is_shared(entry),
        },
    )
