"""What commands and entries about routine tasks hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.called import Reach, centers_field, reaches_field
from hub.dispatch.report_shapes import ReportFields
from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.ruling import CommandData
from hub.shapes import Author, Situation, Wire

Repeats = TypeAliasType("Repeats", Literal["once", "daily"])
#: No round has opened yet; one is open; it is over, by itself or because somebody ended it; it was given by mistake.
TaskState = TypeAliasType("TaskState", Literal["waiting", "open", "ended", "withdrawn"])
#: A time of day by the hub's clock: `18:00`.
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, Field(ge=1, le=7)]


class TaskGive(CommandData):
    """Ask centers to report by a moment, once or day by day."""

    title: Text = Field(min_length=1, max_length=60)
    """What it is called."""
    text: Text = Field(default="", max_length=1000)
    """What is to be looked at before one answers."""
    centers: list[CenterCode] = centers_field()
    """Who has to answer, one by one."""
    reaches: list[Reach] = reaches_field()
    """Who has to answer, many by a word; who that is stands fixed from now on."""
    repeats: Repeats = "once"
    """Whether it is asked once, or on each of some days of the week."""
    due: Moment | None = Field(default=None, validate_default=True)
    """Once: by when."""
    time: TimeOfDay | None = Field(default=None, validate_default=True)
    """Daily: by what time of day, by the hub's clock."""
    weekdays: list[Weekday] = Field(default=[1, 2, 3, 4, 5, 6, 7], min_length=1, max_length=7)
    """Daily: on which days, 1 Monday to 7 Sunday."""
    ahead_minutes: int = Field(default=240, ge=5, le=720)
    """Daily: how long before it is due it can be answered."""
    remind_minutes: int = Field(default=0, ge=0, le=720, validate_default=True)
    """How long before it is due those who have not answered are urged by themselves; 0 for never."""

    @field_validator("due", "time")
    @classmethod
    def _says_when(cls, when: str | None, info: ValidationInfo) -> str | None:
        wanted = "due" if info.data.get("repeats") == "once" else "time"
        if (when is None) == (info.field_name == wanted):
            raise PydanticCustomError("when", "once it is due at a moment, daily at a time")
        return when

    @field_validator("weekdays")
    @classmethod
    def _each_once(cls, days: list[int]) -> list[int]:
        return sorted(set(days))

    @field_validator("remind_minutes")
    @classmethod
    def _while_open(cls, minutes: int, info: ValidationInfo) -> int:
        if info.data.get("repeats") == "daily" and minutes >= info.data.get("ahead_minutes", 0):
            raise PydanticCustomError("remind", "nobody is urged before it can be answered")
        return minutes


class TaskAnswer(ReportFields):
    """Answer a task for one's own center; the answer is a report."""

    task: ObjectId
    """Which."""
    round: int = Field(ge=1)
    """Which time that it is asked, from 1 on."""


class TaskUrge(CommandData):
    """Urge all that have not answered."""

    task: ObjectId
    """Which."""


class TaskEnd(CommandData):
    """Ask no more."""

    task: ObjectId
    """Which."""
    withdrawn: bool = False
    """Whether it was given by mistake and counts for nothing."""
    reason: Text = Field(default="", max_length=200)
    """Why; those who were asked read it."""


class TaskChange(CommandData):
    """Put a task right while it goes on: this holds from now on, what it said before stays readable."""

    task: ObjectId
    """Which."""
    text: Text = Field(max_length=1000)
    """What is to be looked at before one answers."""
    due: Moment | None = None
    """Of one that is asked once: by when from now on; null as it is."""
    time: TimeOfDay | None = None
    """Of a daily one: by what time of day from the next time on; null as it is."""
    until: Moment | None = None
    """Of a daily one: it is not due any more after this; null until somebody ends it."""
    reason: Text = Field(min_length=1, max_length=200)
    """Why; those who are asked read it."""


class NextRound(Wire):
    """When a task is asked again."""

    opens_at: str
    due: str


class TaskGiven(Wire):
    """Centers are asked to report by a moment."""

    task: str
    title: str
    text: str
    by: Author
    centers: list[str]
    names: list[str]
    """Of the first three."""
    repeats: Repeats
    time: str | None
    weekdays: list[int]
    ahead_minutes: int
    remind_minutes: int
    next: NextRound
    """The first time."""


class TaskOpened(Wire):
    """It can be answered."""

    task: str
    round: int
    due: str
    total: int
    """How many have to."""
    next: NextRound | None
    """The next time; null for none."""


class TaskAnswered(Wire):
    """A center answered."""

    task: str
    round: int
    center: str
    center_name: str
    situation: Situation
    report: str
    """The report that it is."""
    late: bool
    """After it was due."""
    by: str
    """Who: a name."""


class TaskUrged(Wire):
    """Those who have not answered were urged."""

    task: str
    round: int
    by: Author | None
    """Null where it came by itself."""
    missing: int
    """How many were urged."""
    number: int
    """Which time in this round, from 1 on."""


class TaskFellDue(Wire):
    """Who answers from now on is late."""

    task: str
    round: int
    answered: int
    abnormal: int
    missing: int


class TaskClosed(Wire):
    """It can be answered no more this time."""

    task: str
    round: int
    total: int
    answered: int
    abnormal: int
    late: int
    missing: int


class TaskChanged(Wire):
    """A task says this from now on."""

    task: str
    round: int
    """The newest when it was changed; 0 before the first."""
    text: str
    due: str | None
    """By when that round is due from now on; null as it was."""
    time: str | None
    until: str | None
    """A daily one is not due any more after this."""
    next: NextRound | None
    """When it is asked again; null for never."""
    reason: str
    by: Author


class TaskEnded(Wire):
    """It is asked no more."""

    task: str
    by: Author | None
    """Null where its time was over."""
    withdrawn: bool
    reason: str
