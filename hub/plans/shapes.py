"""What plans are made of, and what commands and entries about them hold."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from hub.called import Reach, centers_field, reaches_field
from hub.conference.banner_shapes import MAX_BANNER, BannerStyle
from hub.directory.secrecy import NORMAL, Secrecy
from hub.fields import CenterCode, ObjectId, ParticipantId, Text
from hub.ruling import CommandData
from hub.shapes import Author, MeetingKind, Priority, Wire

#: Longest name of a plan, and of a kind of event, in characters.
MAX_NAME: Final = 30
MAX_EVENT: Final = 20
#: The most of each in one plan.
MAX_ORDERS: Final = 20
MAX_TASKS: Final = 10
MAX_CO_CHAIRS: Final = 8
MAX_GROUPS: Final = 16
#: What the words of a drill begin with, and the longest line that still fits a banner with it.
DRILL: Final = "演练："
MAX_LINE: Final = MAX_BANNER - len(DRILL)
#: Centers that one order or task names one by one.
MAX_NAMED: Final = 256
#: Soonest and latest, in minutes after it is given.
SOONEST, LATEST = 5, 43_200

Line = Annotated[Text, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=r"^[^\n\t]+$")]


def _named() -> list[CenterCode]:
    made: list[CenterCode] = Field(default_factory=list, max_length=MAX_NAMED)
    return made


class PlanMeeting(CommandData):
    """The meeting that a plan opens."""

    title: Text = Field(min_length=1, max_length=100)
    """What the meeting is about."""
    kind: MeetingKind = "dispatch"
    """指挥调度 or 会商研判."""
    record: bool = True
    """Whether recording starts with the meeting."""
    level: Secrecy = NORMAL
    """`secret` 涉密: only accounts that are cleared see the plan, start it, and know of its meeting."""


class PlanBanner(CommandData):
    """The banner that a plan shows to all."""

    text: Annotated[Text, StringConstraints(min_length=1, max_length=MAX_LINE, pattern=r"^[^\n\t]+$")]
    """The words."""
    style: BannerStyle = "warning"
    """通知 or 警示."""


class PlanOrder(CommandData):
    """An order that a plan gives."""

    text: Text = Field(min_length=1, max_length=2000)
    """What is to be done."""
    priority: Priority = "normal"
    """How urgent it is."""
    due_minutes: int | None = Field(default=None, ge=SOONEST, le=LATEST)
    """Minutes after it is given by which it is due; null for no date."""
    centers: list[CenterCode] = _named()
    """Who carries it out, one by one. With no centers and no reaches: all that the plan calls."""
    reaches: list[Reach] = reaches_field()
    """Many by a word: those of them that the plan calls."""


class PlanTask(CommandData):
    """A routine task that a plan gives: what is asked, once."""

    title: Text = Field(min_length=1, max_length=50)
    """What is asked."""
    text: Text = Field(default="", max_length=1000)
    """More of it."""
    due_minutes: int = Field(default=60, ge=SOONEST, le=LATEST)
    """Minutes after it is given by which it is to be answered."""
    centers: list[CenterCode] = _named()
    """Who answers, one by one. With no centers and no reaches: all that the plan calls."""
    reaches: list[Reach] = reaches_field()
    """Many by a word: those of them that the plan calls."""


class PlanSave(CommandData):
    """Keep a plan, or change one that is kept: all of it."""

    plan: ObjectId | None = None
    """Which one is changed; null for a new one."""
    seq: int | None = Field(default=None, ge=1)
    """Of one that is changed: as of which saving it was read. What somebody saved since is not overwritten unseen."""
    name: Line
    """What it is called; unique among those of the center."""
    event: Annotated[Text, StringConstraints(max_length=MAX_EVENT, pattern=r"^[^\n\t]*$")] = ""
    """For what kind of event; may be empty."""
    meeting: PlanMeeting
    """The meeting that it opens."""
    centers: list[CenterCode] = centers_field()
    """Codes of centers to call, each within one's own subtree. Repetitions count once."""
    reaches: list[Reach] = reaches_field()
    """Centers with those below them, down to a level each; who that is, is asked when the plan is started."""
    groups: list[ObjectId] = Field(default_factory=list, max_length=MAX_GROUPS)
    """Groups of the center; who is in them, is asked when the plan is started."""
    backup: ParticipantId | None = None
    """Who stands by as the chair."""
    co_chairs: list[ParticipantId] = Field(default_factory=list, max_length=MAX_CO_CHAIRS)
    """Who controls the meeting beside the chair."""
    banner: PlanBanner | None = None
    """What stands over the pictures; null for nothing."""
    orders: list[PlanOrder] = Field(default_factory=list, max_length=MAX_ORDERS)
    """The orders that it gives, in this order."""
    tasks: list[PlanTask] = Field(default_factory=list, max_length=MAX_TASKS)
    """The routine tasks that it gives, in this order."""


class PlanRemove(CommandData):
    """Forget a plan."""

    plan: ObjectId
    """Which."""


class PlanSaved(Wire):
    """A plan is from now on so."""

    plan: str
    holder: str
    """Code of the center that it belongs to."""
    name: str
    event: str
    meeting: PlanMeeting
    centers: list[str]
    reaches: list[Reach]
    groups: list[str]
    backup: Author | None
    co_chairs: list[Author]
    banner: PlanBanner | None
    orders: list[PlanOrder]
    tasks: list[PlanTask]
    by: Author


class PlanRemoved(Wire):
    """A plan is no more."""

    plan: str
    name: str


#: The parts of a plan that are kept as they were written.
CONTENT: Final = (
    "name",
    "event",
    "meeting",
    "reaches",
    "groups",
    "backup",
    "co_chairs",
    "banner",
    "orders",
    "tasks",
)
#: What a step of a started plan does.
StepWhat = Literal["role", "banner", "order", "task"]
