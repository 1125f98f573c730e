"""Incidents and appeals, as they are read."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.dispatch.incident_shapes import (
    IncidentCategory,
    IncidentKind,
    IncidentNamed,
    IncidentSource,
    IncidentState,
    RouteDirection,
)
from hub.objects.reference import NamedObject
from hub.shapes import About, Author, NamedCenter, Priority, Wire

IncidentStepKind = TypeAliasType(
    "IncidentStepKind",
    Literal[
        "registered",
        "changed",
        "studied",
        "routed",
        "acknowledged",
        "noted",
        "completed",
        "passed",
        "returned",
        "closed",
        "reopened",
        "joined",
        "separated",
        "gathered",
        "released",
        "overdue",
        "ordered",
    ],
)


class Incident(Wire):
    """An incident or appeal, and how it stands."""

    id: str
    number: str
    """Running for the center that took it in and its year: `2026-0012`."""
    kind: IncidentKind
    title: str
    text: str
    category: IncidentCategory
    place: str
    site: NamedCenter | None
    """The center that it is about."""
    urgency: Priority
    source: IncidentSource
    about: About | None
    """The report or alarm that it was made from."""
    meeting: str | None
    """The meeting in which it was taken in."""
    attachments: list[NamedObject] = Field(default_factory=list)
    due: str | None
    state: IncidentState
    overdue_at: str | None
    """Since when it is told to be overdue; it may have been reported done since."""
    responsible: NamedCenter
    """The one center that has to do something about it."""
    checker: NamedCenter
    """Who asked it of the responsible center, and checks what it reports done."""
    taken_by: NamedCenter
    by: Author
    """Who took it in."""
    main: IncidentNamed | None
    """What it was joined into."""
    returned: int
    """How often it was given back after it was reported done."""
    reopened: int
    registered_at: str
    changed_at: str
    closed_at: str | None


class IncidentStepTold(Wire):
    """Something that was done about it: one of its time line."""

    seq: int
    kind: IncidentStepKind
    at: str
    meeting: str | None
    """The meeting in which it was done: there it stands at this second."""
    by: Author | None
    """Null for the clock."""
    text: str
    attachments: list[NamedObject] = Field(default_factory=list)
    before: NamedCenter | None
    to: NamedCenter | None
    direction: RouteDirection | None
    other: IncidentNamed | None
    """What it was joined into, or what was joined into it."""
    order: str | None
    due: str | None


class IncidentWhole(Wire):
    """An incident with its time line, and with those that were joined into it."""

    incident: Incident
    steps: list[IncidentStepTold]
    duplicates: list[Incident]


class IncidentFigures(Wire):
    """How many there are among those that one may see."""

    open: int
    late: int
    """Overdue, and not reported done."""
    mine: int
    """One's own center has something to do."""
    checks: int
    """Reported done, to be checked by one's own center."""


class IncidentPage(Wire):
    """A page of incidents, the open ones first, and what is due first; `next` is the `after` of the following page."""

    incidents: list[Incident]
    next: str | None
    figures: IncidentFigures
    seq: int
    """They hold what was written up to this entry, and maybe more."""
