"""Orders, reports, alarms, decisions, notes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.dispatch.alarm_shapes import AlarmKind, AlarmState, ClearedWhy, Severity
from hub.dispatch.report_shapes import ReportCategory
from hub.objects.reference import NamedObject
from hub.shapes import About, Author, NamedCenter, Priority, Situation, Wire

OrderState = TypeAliasType("OrderState", Literal["issued", "signed", "in_progress", "completed"])


class Progress(Wire):
    """What a center said while it carried out an order."""

    at: str
    text: str
    percent: int | None
    by: str


class OrderTarget(Wire):
    """A center that an order goes to, and how far it is."""

    center: str
    name: str
    state: OrderState
    signed_at: str | None
    signed_by: str | None
    completed_at: str | None
    percent: int | None
    progress: list[Progress]


class Order(Wire):
    """An order; its own `state` is that of its slowest target."""

    id: str
    meeting: str | None
    text: str
    priority: Priority
    due: str | None
    issuer: Author
    issued_at: str
    state: OrderState
    targets: list[OrderTarget]
    attachments: list[NamedObject] = Field(default_factory=list)
    about: About | None = None
    """The report or alarm that it follows from."""
    drill: bool = False
    """Whether it was given in a drill."""


class Report(Wire):
    """What a center reported."""

    id: str
    meeting: str | None
    situation: Situation
    text: str
    center: str
    name: str
    at: str
    account: str
    attachments: list[NamedObject] = Field(default_factory=list)
    category: ReportCategory | None = None
    """What kind of trouble; null where nobody said."""
    place: str = ""
    """Where, in words; empty: at the center."""
    persons: int | None = None
    """How many people it concerns; null where nobody said."""
    urgency: Priority = "normal"
    task: str | None = None
    """The task that it answers."""
    drill: bool = False
    """Whether it was made in a drill."""


class AlarmBy(Wire):
    """Who did it, and when."""

    at: str
    by: Author


class AlarmOrder(Wire):
    """The first order that followed from an alarm."""

    at: str
    order: str
    by: Author


class AlarmLevel(Wire):
    """The center that an alarm was escalated to."""

    at: str
    center: str
    name: str


class AlarmEnd(Wire):
    """When and why an alarm was over."""

    at: str
    why: ClearedWhy


class Alarm(Wire):
    """What somebody has to look at, and who did."""

    id: str
    kind: AlarmKind
    severity: Severity
    state: AlarmState
    center: str
    """The center that it is about."""
    name: str
    owner: NamedCenter
    """Who has to answer it first; every center above may."""
    meeting: str | None
    report: str | None
    order: str | None
    text: str
    """What a person wrote: of the report, or of the order that is overdue."""
    words: dict[str, str | int]
    """What else there is to say, as values: `lost`, `of`, `due`, `left`, `folder`, `reason`, `part`."""
    raised_at: str
    escalates_at: str | None
    """When it goes one level up unless somebody acknowledges it."""
    delivered: AlarmBy | None
    """The first desk that showed it."""
    acknowledged: AlarmBy | None
    ordered: AlarmOrder | None
    escalated: AlarmLevel | None
    """The last level that it was escalated to: nobody before had acknowledged it."""
    cleared: AlarmEnd | None
    drill: bool = False
    """Whether it comes from a drill."""


class Decision(Wire):
    """What was decided, and by whom."""

    id: str
    meeting: str | None
    text: str
    by: Author
    at: str


class Note(Wire):
    """A remark at a moment of a meeting."""

    id: str
    meeting: str | None
    text: str
    by: Author
    at: str
