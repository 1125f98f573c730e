"""What a roll call looks like: its state, its rows, its commands and entries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.conference.meeting import MAX_CENTERS
from hub.fields import CenterCode, Text
from hub.parts import Audience, Keyed, Part, Row
from hub.ruling import CommandData
from hub.shapes import Author, Situation, Wire

#: How a roll call stands: none was begun, it goes on, it rests, it is over.
RollCallState = Literal["none", "running", "paused", "finished"]
#: How a center stands in it. `unanswered` 未应答, `skipped` 跳过, `uncalled`: the roll call ended before its turn.
AnswerState = Literal["waiting", "called", "answered", "unanswered", "skipped", "uncalled"]
#: Why it rests: by key; an answer 有情况 has to be looked into; the meeting is paused, and it goes on with it.
RollCallRests = TypeAliasType("RollCallRests", Literal["chair", "abnormal", "meeting"])


class RollCall(Part):
    """The roll call of a meeting: the one that goes on, else the last one."""

    lasting: ClassVar[bool] = True

    state: RollCallState = "none"
    roll: str | None = None
    """Its id."""
    by: Author | None = None
    """Who began it."""
    begun_at: str | None = None
    finished_at: str | None = None
    seconds: int | None = None
    """How long each center has to answer; null for as long as it takes."""
    automatic: bool = False
    """Whether the next one is called by itself: after an answer 一切正常, and when the time is up."""
    shows: bool = False
    """Whether who is called is put on the stage."""
    center: str | None = None
    """The center that is called now."""
    called_at: str | None = None
    until: str | None = None
    """When its time is up."""
    rests: RollCallRests | None = None
    """Why it rests."""
    left_ms: int | None = None
    """While it rests with the meeting: how long who is called still has to answer when it goes on."""
    next: str | None = None
    """The center after it."""
    heard: list[str] | None = None
    """Participants who are heard, and nobody else; null while no roll call goes on."""
    total: int = 0
    answered: int = 0
    abnormal: int = 0
    unanswered: int = 0
    skipped: int = 0
    waiting: int = 0


class RollCallRow(Row):
    """A center in the list of a roll call."""

    place: int
    """Its place in the list, from 1 on."""
    state: AnswerState
    called_at: str | None = None
    at: str | None = None
    """When it answered, or was marked."""
    late: bool = False
    """It answered after its turn."""
    situation: Situation | None = None
    report: str | None = None
    """The report that its answer is."""
    by: str | None = None
    """Who answered, or marked it: a name."""
    marked: bool = False
    """Marked by the chair, who heard it."""


class RollCallList(Keyed[RollCallRow]):
    """The list of the roll call, by center code."""

    audience: ClassVar[Audience] = "desk"
    own_centers: ClassVar[bool] = True
    lasting: ClassVar[bool] = True


class RollCallBegin(CommandData):
    """Begin a roll call: one center after the other is called, and only it and the chair are heard."""

    centers: list[CenterCode] = Field(default_factory=list, max_length=MAX_CENTERS)
    """Codes of called centers; none: all but the chair's."""
    order: Literal["tree", "listed"] = "tree"
    """`tree`: as they stand in the tree of centers; `listed`: as they are named. Who is absent comes last, either way."""
    seconds: int | None = Field(default=None, ge=5, le=600)
    """How long each has to answer; null for as long as it takes."""
    automatic: bool = Field(default=False, validate_default=True)
    """Whether the next one is called by itself; needs `seconds`."""
    shows: bool = True
    """Whether who is called is put on the stage."""

    @field_validator("automatic")
    @classmethod
    def _needs_a_time(cls, automatic: bool, info: ValidationInfo) -> bool:
        if automatic and info.data.get("seconds") is None:
            raise PydanticCustomError("seconds_needed", "calling by itself needs a time to answer in")
        return automatic


class RollCallOf(CommandData):
    """About one center of the list."""

    center: CenterCode
    """Which."""


class RollCallMark(CommandData):
    """Mark a center as having answered, or not: the chair heard it himself."""

    center: CenterCode
    """Which."""
    answered: bool
    """Whether it did."""


class RollCallAnswer(CommandData):
    """Answer for one's own center; the answer is a report."""

    situation: Situation
    """一切正常 or 有情况."""
    text: Text = Field(default="", max_length=2000, validate_default=True)
    """What is the matter; needed when abnormal."""

    @field_validator("text")
    @classmethod
    def _abnormal_says_what(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("situation") == "abnormal" and not text:
            raise PydanticCustomError("text_needed", "an abnormal situation needs a text")
        return text


class RollCallExpire(CommandData):
    """The time of the center that is called is up."""

    center: CenterCode
    """Which."""


class RollCallBegun(Wire):
    """A roll call began."""

    roll: str
    by: Author
    centers: list[str]
    """In the order in which they are called."""
    seconds: int | None
    automatic: bool
    shows: bool


class RollCallCalled(Wire):
    """A center was called."""

    roll: str
    center: str
    center_name: str
    until: str | None
    """When its time is up; null for no end."""


class RollCallUnanswered(Wire):
    """A center that was called did not answer."""

    roll: str
    center: str
    center_name: str
    by_chair: bool
    """Whether the chair said so; else its time was up, or the next one was called."""


class RollCallAnswered(Wire):
    """A center answered."""

    roll: str
    center: str
    center_name: str
    situation: Situation | None
    """Null where the chair marked it by ear."""
    report: str | None
    """The report that it is; null where it was marked."""
    text: str
    late: bool
    """After its turn."""
    name: str
    """Who answered, or marked it."""
    marked: bool


class RollCallSkipped(Wire):
    """A center is not called."""

    roll: str
    center: str
    center_name: str


class RollCallPaused(Wire):
    """A roll call rests."""

    roll: str
    reason: RollCallRests | None = None
    """Why; null where it was not said."""


class RollCallResumed(Wire):
    """A roll call goes on."""

    roll: str
    until: str | None = None
    """When the time of who is called is up, where he has had a part of it."""


class RollCallFinished(Wire):
    """A roll call is over."""

    roll: str
    total: int
    answered: int
    abnormal: int
    unanswered: int
    skipped: int
    uncalled: int
