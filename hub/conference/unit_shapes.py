"""Meetings that join others as a unit (级联): what both keep of it, the commands and entries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.fields import ObjectId, Text
from hub.parts import Audience, Keyed, Part, Row
from hub.ruling import CommandData
from hub.shapes import Author, Level, ParticipantRef, Wire

UnitState = Literal["invited", "asked", "joined"]
UnitEnd = TypeAliasType("UnitEnd", Literal["upper", "lower", "ended", "left", "removed", "chair"])
UnitNo = TypeAliasType("UnitNo", Literal["refused", "withdrawn", "ended"])


class MeetingRef(Wire):
    """A meeting as another one names it."""

    meeting: str
    title: str
    center: str
    center_name: str
    level: Level


class Upper(Part):
    """The meeting above that this one has joined, or may join."""

    state: UnitState | None = None
    """`invited` by the one above; this one has `asked`; `joined`; null: there is none."""
    of: MeetingRef | None = None
    """The meeting above."""
    by: Author | None = None
    """Who invited, or asked."""
    at: str | None = None
    """Since when it stands like this."""
    muted: bool = False
    """Whether the meeting above has muted this one: nobody of it is heard there."""
    called: bool = False
    """Whether the roll call above calls this one now, and waits for its chair's answer."""
    recorded: bool = False
    """Whether the meeting above is recorded, and with it the chair of this one as he is seen and heard there."""
    told: tuple[int, int] = Field(default=(0, 0), exclude=True)
    counted_at: str | None = Field(default=None, exclude=True)


class Unit(Row):
    """A meeting of a level below that has joined this one, or may join."""

    of: MeetingRef
    """The meeting below."""
    state: UnitState
    """`invited` by this meeting; it has `asked`; `joined`."""
    by: Author
    """Who invited, or asked."""
    at: str
    """Since when it stands like this."""
    participant: str | None = None
    """Id of its chair, who sits and speaks here for it once it has joined."""
    present: int = 0
    """How many are in it, its chair included."""
    called: int = 0
    """How many centers it has called, its own included."""
    counted_at: str | None = None
    """As of when `present` and `called` hold."""


class Units(Keyed[Unit]):
    """Meetings below that have joined this one, or may join, by id."""

    audience: ClassVar[Audience] = "desk"


class UnitOf(CommandData):
    """Another meeting, above this one or below it."""

    other: ObjectId
    """Its id."""


class UnitOver(CommandData):
    """Be one conference with the other meeting no more, refuse to be, or take back what was proposed."""

    other: ObjectId
    """The other meeting."""
    reason: Text = Field(default="", max_length=200)
    """Why; both meetings read it."""


class _Between(Wire):
    """Which meeting joins which."""

    upper: MeetingRef
    lower: MeetingRef


class UnitProposed(_Between):
    """A meeting below was invited to join one above, or asks to."""

    state: Literal["invited", "asked"]
    by: Author


class UnitDeclined(_Between):
    """Nothing came of an invitation, or of asking."""

    by: Author | None
    """Who said so; null where a meeting was over before."""
    reason: UnitNo
    """`refused` by the other one; `withdrawn` by who proposed it; `ended`: one of the two was over."""
    why: str
    """What was said of it."""


class UnitJoined(_Between):
    """A meeting has joined one of the level above as a unit: its chair speaks for it."""

    chair: ParticipantRef
    """The chair of the meeting below."""
    by: Author
    """Who accepted it."""
    muted: bool
    """Whether the meeting above had muted that chair before."""
    present: int
    """How many are in the meeting below."""
    called: int
    """How many centers it has called."""


class UnitLeft(_Between):
    """A meeting is no unit of the one above any more; both go on."""

    by: Author | None
    """Who ended it; null where it came by itself."""
    reason: UnitEnd
    """By the `upper` or the `lower` chair; `ended`: one of the two was over; its chair `left` the meeting above, or was
    `removed` from it; it has another `chair`, who cannot sit there for it."""
    why: str
    """What was said of it."""


class UnitLed(_Between):
    """A unit has another chair, who speaks for it from now on."""

    chair: ParticipantRef


class UnitMuted(_Between):
    """The meeting above muted a unit, or lets it be heard again."""

    muted: bool
    by: Author | None
    """Who did; null where it came by itself."""


class UnitCalled(_Between):
    """The roll call of the meeting above calls a unit; or it has answered, or others are called."""

    called: bool


class UnitRecorded(_Between):
    """The meeting above is recorded from now on, or no more: the chair below is told, who may not be in his own."""

    recorded: bool


class UnitCounted(_Between):
    """How many are in a unit."""

    present: int
    called: int
