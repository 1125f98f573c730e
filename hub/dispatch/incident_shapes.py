"""What commands and entries about incidents and appeals hold."""

from __future__ import annotations

from typing import Final, Literal, get_args

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData
from hub.shapes import About, Author, NamedCenter, Priority, Wire

#: 事件: something that happened. 诉求: what a citizen asks for.
IncidentKind = TypeAliasType("IncidentKind", Literal["incident", "appeal"])
#: 登记, 已研判, 待签收 (by the center it was routed to), 处置中, 已报办结 (to be checked), 已办结, 已并入 another one.
IncidentState = TypeAliasType(
    "IncidentState", Literal["registered", "studied", "routed", "handling", "completed", "closed", "joined"]
)
IncidentCategory = TypeAliasType(
    "IncidentCategory",
    Literal["flood", "fire", "geology", "traffic", "safety", "order", "environment", "livelihood", "other"],
)
#: How it became known: 有情况, an alarm, a video call, by telephone, in person, in writing, on a round, from above.
IncidentSource = TypeAliasType(
    "IncidentSource",
    Literal["report", "alarm", "call", "phone", "visit", "letter", "patrol", "above", "other"],
)
#: 交办, 上报, 转办: to a center below the one that had it, above, or beside.
RouteDirection = TypeAliasType("RouteDirection", Literal["down", "up", "across"])

INCIDENT_KINDS: Final[tuple[str, ...]] = get_args(IncidentKind.__value__)
INCIDENT_STATES: Final[tuple[str, ...]] = get_args(IncidentState.__value__)
INCIDENT_CATEGORIES: Final[tuple[str, ...]] = get_args(IncidentCategory.__value__)
#: States after which nothing is done about one any more, until it is reopened or taken apart.
OVER: Final = ("closed", "joined")


class IncidentFields(CommandData):
    """What is said of an incident or appeal. No person is named here: a citizen is a number."""

    title: Text = Field(min_length=1, max_length=100)
    """What is the matter, in a few words; no names, telephone numbers or identity numbers."""
    text: Text = Field(default="", max_length=2000)
    """What is the matter, in full."""
    category: IncidentCategory = "other"
    """What kind of matter it is."""
    place: Text = Field(default="", max_length=200)
    """Where, in words."""
    urgency: Priority = "normal"
    """How urgent it is."""
    due: Moment | None = None
    """By when it is to be done; null for no date."""


class IncidentRegister(IncidentFields):
    """Take in an incident or appeal: it is given a number."""

    kind: IncidentKind
    """事件 or 诉求."""
    source: IncidentSource = "other"
    """How it became known."""
    site: CenterCode | None = None
    """The center that it is about, one's own or below: it hears of it, too."""
    about: About | None = None
    """The report or alarm that it was made from."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""


class IncidentChange(IncidentFields):
    """Correct what was taken in: all its fields."""

    incident: ObjectId
    """The incident."""


class IncidentStudy(CommandData):
    """Write down what was found when it was studied."""

    incident: ObjectId
    """The incident."""
    text: Text = Field(min_length=1, max_length=2000)
    """What was found, and with whom."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""


class IncidentRoute(CommandData):
    """Make another center responsible: below, above or beside the one that is."""

    incident: ObjectId
    """The incident."""
    to: CenterCode
    """The center that is responsible from now on."""
    reason: Text = Field(min_length=1, max_length=500)
    """Why, and what is asked of it."""


class IncidentAcknowledge(CommandData):
    """Say for the responsible center that it has it, and begins."""

    incident: ObjectId
    """The incident."""


class IncidentNote(CommandData):
    """Tell what the responsible center does about it."""

    incident: ObjectId
    """The incident."""
    text: Text = Field(min_length=1, max_length=2000)
    """What was done."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""


class IncidentComplete(CommandData):
    """Report it done, to be checked by who asked."""

    incident: ObjectId
    """The incident."""
    text: Text = Field(min_length=1, max_length=2000)
    """With what result."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""


class IncidentClose(CommandData):
    """Check what was reported done, and agree: who asked for it closes it, or vouches for it to who asked him."""

    incident: ObjectId
    """The incident."""
    text: Text = Field(default="", max_length=500)
    """How it was checked."""


class IncidentReturn(CommandData):
    """Check what was reported done, and give it back."""

    incident: ObjectId
    """The incident."""
    reason: Text = Field(min_length=1, max_length=500)
    """What is still to be done."""


class IncidentReopen(CommandData):
    """Take up again what was closed; the center that was responsible last has to say that it has it."""

    incident: ObjectId
    """The incident."""
    reason: Text = Field(min_length=1, max_length=500)
    """Why."""
    due: Moment | None = None
    """By when it is to be done now; null for no date."""


class IncidentJoin(CommandData):
    """Join a duplicate into the one that goes on."""

    incident: ObjectId
    """The duplicate."""
    main: ObjectId
    """The one that goes on."""


class IncidentSeparate(CommandData):
    """Take a duplicate apart again: it goes on where it stood."""

    incident: ObjectId
    """The one that was joined."""


class IncidentAdvance(CommandData):
    """Mark what is overdue."""


class IncidentNamed(Wire):
    """Another incident, as far as it is pointed to."""

    id: str
    number: str
    title: str


class IncidentStands(Wire):
    """How it stands after an entry."""

    state: IncidentState
    responsible: NamedCenter
    """The one center that has to do something about it."""
    checker: NamedCenter
    """Who asked it of the responsible center, and checks what it reports done."""
    askers: list[NamedCenter]
    """Who took it in, and who passed it on since: the checker is the last."""


class IncidentKept(Wire):
    """What a restart has to know of one that is over, because it can be taken up again."""

    number: str
    year: int
    serial: int
    kind: IncidentKind
    title: str
    taken_by: NamedCenter
    concerned: list[str]
    """Codes of the centers that it has ever concerned."""
    due: str | None
    overdue: bool
    was: IncidentState
    """How it stood before it was joined; else its state."""
    main: str | None
    """What it was joined into."""


class IncidentStep(Wire):
    """Something was done about it."""

    incident: str
    by: Author
    stands: IncidentStands


class IncidentRegistered(IncidentStep):
    """An incident or appeal was taken in."""

    number: str
    """Running for its center and year: `2026-0012`."""
    year: int
    serial: int
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
    due: str | None
    attachments: list[NamedObject] = attached()


class IncidentChanged(IncidentStep):
    """What was taken in was corrected."""

    title: str
    text: str
    category: IncidentCategory
    place: str
    urgency: Priority
    due: str | None


class IncidentTold(IncidentStep):
    """It was studied, something was done about it, or it was reported done."""

    text: str
    attachments: list[NamedObject] = attached()


class IncidentRouted(IncidentStep):
    """Another center is responsible."""

    before: NamedCenter
    to: NamedCenter
    direction: RouteDirection
    text: str
    """Why."""


class IncidentAcknowledged(IncidentStep):
    """The responsible center has it."""


class IncidentPassed(IncidentStep):
    """Who asked has checked it and vouches for it: now who asked him checks it."""

    text: str


class IncidentReturned(IncidentStep):
    """What was reported done was given back."""

    text: str


class IncidentClosed(IncidentStep):
    """It was checked and closed."""

    text: str
    kept: IncidentKept


class IncidentReopened(IncidentStep):
    """It was taken up again."""

    text: str
    due: str | None


class IncidentJoined(IncidentStep):
    """It is a duplicate of another one, and goes on there."""

    main: IncidentNamed
    kept: IncidentKept


class IncidentSeparated(IncidentStep):
    """It is no duplicate after all, and goes on where it stood."""

    main: IncidentNamed


class IncidentLinked(Wire):
    """A duplicate was joined into it, or taken out again."""

    incident: str
    other: IncidentNamed
    by: Author


class IncidentOverdue(Wire):
    """It was due and is not done."""

    incident: str
    due: str


class IncidentOrdered(Wire):
    """An order was issued that follows from it."""

    incident: str
    order: str
    text: str
    """How the order begins."""
    by: Author
