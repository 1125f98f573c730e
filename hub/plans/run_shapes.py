"""What a started plan looks like: its steps with what came of each, its commands and entries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.conference.banner_shapes import BannerStyle
from hub.fields import ObjectId
from hub.parts import Audience, Keyed, Row
from hub.plans.shapes import MAX_ORDERS, MAX_TASKS
from hub.ruling import CommandData
from hub.shapes import Author, Level, Priority, Wire

PlanStepWhat = TypeAliasType("PlanStepWhat", Literal["backup", "co_chair", "banner", "order", "task"])
PlanStepState = TypeAliasType("PlanStepState", Literal["waiting", "done", "refused"])


class StepReach(Wire):
    """Many centers by a word, as a `Reach` names them."""

    center: str
    to: Level
    only: bool


class PlanStep(Wire):
    """One thing that a started plan does."""

    what: PlanStepWhat
    text: str
    """The words of it: of an order, a task, a banner; of a role who has it."""
    more: str = ""
    """Of a task: more of it."""
    style: BannerStyle | None = None
    priority: Priority | None = None
    due_minutes: int | None = None
    centers: list[str] = Field(default_factory=list)
    """To whom, one by one; with no centers and no reaches: all that are called."""
    reaches: list[StepReach] = Field(default_factory=list)
    state: PlanStepState = "waiting"
    reason: str | None = None
    """Why it was refused: a code of a refusal, or `nobody` where nobody is left whom it could concern."""
    made: str | None = None
    """Id of the order, task or banner that it made."""


class PlanRun(Row):
    """The plan by which a meeting was opened."""

    plan: str
    name: str
    event: str
    holder: str
    """Code of the center whose plan it is."""
    started_at: str
    steps: list[PlanStep]
    """In the order in which they are done, one after the other."""


class PlanRuns(Keyed[PlanRun]):
    """The plan by which a meeting was opened, told to who started it: account -> run."""

    audience: ClassVar[Audience] = "own"
    own_rows: ClassVar[bool] = True


class PlanStart(CommandData):
    """Open the meeting of a plan, and do all that it says, in earnest or as a drill."""

    plan: ObjectId
    """Which."""
    seq: int = Field(ge=1)
    """As of which saving it was looked at: what somebody saved since is not started unseen."""
    drill: bool
    """Whether it is a drill."""
    roles: bool = True
    """Whether backup chair and co-chairs are named."""
    banner: bool = True
    """Whether its banner is shown."""
    orders: list[int] | None = Field(default=None, max_length=MAX_ORDERS)
    """Which of its orders are given, by place from 0; null: all."""
    tasks: list[int] | None = Field(default=None, max_length=MAX_TASKS)
    """Which of its routine tasks are given, by place from 0; null: all."""


class PlanStepDo(CommandData):
    """The next step of a started plan."""

    step: int = Field(ge=0)
    """Its place, from 0."""


class PlanStarted(Wire):
    """A meeting was opened by a plan."""

    plan: str
    name: str
    event: str
    holder: str
    drill: bool
    by: Author
    steps: list[PlanStep]


class PlanStepped(Wire):
    """A step of a started plan was done, or refused."""

    plan: str
    by: str
    """The account that started it."""
    step: int
    what: PlanStepWhat
    text: str
    state: PlanStepState
    reason: str | None
    made: str | None
