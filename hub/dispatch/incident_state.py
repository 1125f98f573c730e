"""Incidents as rules keep them: what entries do to them, who is responsible, who asked, and what the clock brings."""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ConfigDict, Field

from hub.dispatch.incident_shapes import OVER
from hub.entry import Entry
from hub.parts import Part
from hub.ruling import Apply, Due, Subject
from hub.state import HubState

#: A center: `{center, name}`.
Named = Mapping[str, str]


@dataclass(slots=True)
class Incident:
    """An incident or appeal."""

    id: str
    #: `2026-0012`: its year, and the how-manieth of its center.
    number: str
    year: int
    serial: int
    kind: str
    title: str
    #: The center that took it in.
    taken_by: Named
    #: The one that has to do something about it.
    responsible: Named
    #: Who took it in, and who passed it on since, each one once: the last checks what is reported done.
    askers: tuple[Named, ...]
    #: Codes of the centers that it has ever concerned.
    concerned: tuple[str, ...]
    state: str
    #: By when, as on the wire.
    due: str | None = None
    #: Whether it was told that it is overdue.
    overdue: bool = False
    #: How it stood before it was joined.
    was: str = ""
    #: What it was joined into.
    main: str | None = None
    #: The meeting in which it was taken in.
    meeting: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state not in OVER

    @property
    def checker(self) -> Named:
        """Who checks what is reported done."""
        return self.askers[-1]

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of centers: whose it is, and which have something to do about it (`hub.directory.permissions.asked_of`)."""
        return (self.taken_by["center"], self.responsible["center"], self.checker["center"])

    @property
    def waits_until(self) -> str | None:
        """When the clock calls it overdue; None while that cannot be."""
        return self.due if self.is_open and self.state != "completed" and not self.overdue else None

    def stands(self) -> dict[str, Any]:
        """How it stands, as its entries say it."""
        return {
            "state": self.state,
            "responsible": dict(self.responsible),
            "checker": dict(self.checker),
            "askers": [dict(asker) for asker in self.askers],
        }

    def kept(self) -> dict[str, Any]:
        """What has to be known of it once it is over."""
        return {
            "number": self.number,
            "year": self.year,
            "serial": self.serial,
            "kind": self.kind,
            "title": self.title,
            "taken_by": dict(self.taken_by),
            "concerned": list(self.concerned),
            "due": self.due,
            "overdue": self.overdue,
            "was": self.was or self.state,
            "main": self.main,
            "meeting": self.meeting,
        }


class Incidents(Part):
    """All incidents and appeals there ever were: any of them can be taken up again."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, Incident] = Field(default_factory=dict)
    last: dict[str, int] = Field(default_factory=dict)
    """Center and year -> the last number that was given."""
    waiting: list[tuple[str, str]] = Field(default_factory=list)
    """When which one is overdue, the next one first."""

    def put(self, incident: Incident) -> None:
        """An incident as it is from now on; `take` it first where it was there before."""
        self.by_id[incident.id] = incident
        if incident.waits_until is not None:
            insort(self.waiting, (incident.waits_until, incident.id))
        run = running(incident.taken_by["center"], incident.year)
        self.last[run] = max(self.last.get(run, 0), incident.serial)

    def take(self, id: str) -> Incident | None:
        """An incident, to be changed and `put` again; None where there is none."""
        incident = self.by_id.get(id)
        if incident is not None and incident.waits_until is not None:
            del self.waiting[bisect_left(self.waiting, (incident.waits_until, id))]
        return incident

    def main_of(self, incident: Incident) -> Incident | None:
        """What it was joined into."""
        return self.by_id.get(incident.main or "")


def incidents_of(state: HubState) -> Incidents:
    """All of them, to look at."""
    return state.parts.read(Incidents)


def running(center: str, year: int) -> str:
    """What numbers run for."""
    return f"{center}.{year}"


def meeting_of(state: HubState, data: Mapping[str, Any]) -> str | None:
    """The meeting in which the incident of an entry with this data was taken in."""
    incident = incidents_of(state).by_id.get(str(data["incident"]))
    return None if incident is None else incident.meeting


def number_of(year: int, serial: int) -> str:
    """A number that can be read out on the telephone."""
    return f"{year}-{serial:04d}"


def _named(center: Named) -> Named:
    """The same texts as in every other incident: a city's centers are kept once."""
    return {"center": sys.intern(center["center"]), "name": sys.intern(center["name"])}


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sys.intern(code) for code in codes)


def _stand(incident: Incident, data: Mapping[str, Any]) -> None:
    stands = data["stands"]
    incident.state = stands["state"]
    incident.responsible = _named(stands["responsible"])
    incident.askers = tuple(_named(asker) for asker in stands["askers"])
    code = sys.intern(incident.responsible["center"])
    if code not in incident.concerned:
        incident.concerned = (*incident.concerned, code)


def registered(state: HubState, entry: Entry) -> None:
    """There is one more."""
    data = entry.data
    site = () if data["site"] is None else (data["site"]["center"],)
    incident = Incident(
        id=data["incident"],
        number=data["number"],
        year=data["year"],
        serial=data["serial"],
        kind=data["kind"],
        title=data["title"],
        taken_by=_named({"center": data["by"]["center"], "name": data["by"]["center_name"]}),
        responsible={},
        askers=(),
        concerned=_codes(dict.fromkeys((data["by"]["center"], *site))),
        state="registered",
        due=data["due"],
        meeting=entry.meeting,
    )
    _stand(incident, data)
    state.parts.edit(Incidents).put(incident)


def changed(change: Callable[[Incident, Mapping[str, Any]], None] | None = None) -> Apply:
    """How it stands, and what else an entry changes of one that is there."""

    def apply(state: HubState, entry: Entry) -> None:
        incidents = state.parts.edit(Incidents)
        incident = incidents.take(entry.data["incident"])
        if incident is not None:
            if change is not None:
                change(incident, entry.data)
            if "stands" in entry.data:
                _stand(incident, entry.data)
            incidents.put(incident)

    return apply


def corrected(incident: Incident, data: Mapping[str, Any]) -> None:
    """Other words, another date."""
    incident.title = data["title"]
    _due(incident, data)


def _due(incident: Incident, data: Mapping[str, Any]) -> None:
    incident.overdue = incident.overdue and incident.due == data["due"]
    incident.due = data["due"]


def reopened(incident: Incident, data: Mapping[str, Any]) -> None:
    """It goes on, by another date."""
    incident.was = ""
    _due(incident, data)


def late(incident: Incident, data: Mapping[str, Any]) -> None:
    """It was told that it is overdue."""
    incident.overdue = True


def separated(incident: Incident, data: Mapping[str, Any]) -> None:
    """It is nobody's duplicate."""
    incident.main, incident.was = None, ""


def over(state: HubState, entry: Entry) -> None:
    """It is closed, or goes on in another one: all that is known of it stands in the entry."""
    data, kept = entry.data, entry.data["kept"]
    incidents = state.parts.edit(Incidents)
    incidents.take(data["incident"])
    incident = Incident(
        id=data["incident"],
        number=kept["number"],
        year=kept["year"],
        serial=kept["serial"],
        kind=kept["kind"],
        title=kept["title"],
        taken_by=_named(kept["taken_by"]),
        responsible={},
        askers=(),
        concerned=_codes(kept["concerned"]),
        state="closed",
        due=kept["due"],
        overdue=kept["overdue"],
        was=kept["was"],
        main=kept["main"],
        meeting=kept.get("meeting"),
    )
    _stand(incident, data)
    incidents.put(incident)


def _is_open(state: HubState, id: str) -> bool:
    incident = incidents_of(state).by_id.get(id)
    return incident is not None and incident.is_open


#: What all entries here are about. One that is over can be taken up again: its last words say all that is needed for that.
INCIDENT: Final = Subject(lambda entry: str(entry.data["incident"]), _is_open)


def next_due(state: HubState) -> Due | None:
    """When the next one is overdue."""
    waiting = incidents_of(state).waiting
    if not waiting:
        return None
    at, about = waiting[0]
    return Due(datetime.fromisoformat(at), "incident.advance", None, about)
