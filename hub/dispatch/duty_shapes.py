"""What commands and entries about duty hold: shifts, taking over, handing over with a note."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: 带班领导: who is responsible; 值班员: who sits at the desk, takes over and hands over.
ShiftRole = TypeAliasType("ShiftRole", Literal["lead", "watch"])
#: Longest name and longest post, in characters.
MAX_NAME: Final = 20
#: Shifts of one roster.
MAX_SHIFTS: Final = 60
#: Longest part of a note, in characters.
MAX_PART: Final = 2000
#: So many digits in a row are a telephone or identity number, whatever stands between them.
_NUMBER: Final = re.compile(r"[0-9\uff10-\uff19](?:[ ()\-\u2010-\u2015]*[0-9\uff10-\uff19]){6,}")


def _no_number(text: str) -> str:
    if _NUMBER.search(text):
        raise PydanticCustomError("number", "a name or a post, no telephone number")
    return text


#: One short line without a telephone number: what stands in the journal stands there for ever.
Named = Annotated[
    Text,
    StringConstraints(max_length=MAX_NAME, pattern=r"^[^\n\t]*$"),
    AfterValidator(_no_number),
]


class PlannedShift(CommandData):
    """Somebody's shift."""

    role: ShiftRole = "watch"
    """带班领导 or 值班员; of one role there is one at a time."""
    starts_at: Moment
    """When it begins."""
    ends_at: Moment
    """When it ends: the next one's beginning."""
    name: Named = Field(min_length=1)
    """Whose it is; a name, no telephone number."""
    post: Named = ""
    """His post: 副镇长, 值班员."""


class DutyPlan(CommandData):
    """Put the roster of a span of time: its shifts take the place of all that begin in it."""

    center: CenterCode
    """Whose roster."""
    starts_at: Moment
    """When the span begins."""
    ends_at: Moment
    """When it ends; a shift that begins in it may end after it."""
    shifts: list[PlannedShift] = Field(default_factory=list, max_length=MAX_SHIFTS)
    """All of the span; none: nobody is planned."""


class DutyTake(CommandData):
    """Take over the duty of one's own center."""

    name: Named = Field(min_length=1)
    """Who takes over; a name, no telephone number."""
    post: Named = ""
    """His post."""
    relieves: ObjectId | None = None
    """The turn before, whose note one has read where there is one; null where nobody had taken over."""


class DutyNote(CommandData):
    """A hand-over note, in the parts of ICS form 201."""

    situation: Text = Field(default="", max_length=MAX_PART)
    """当前情况: what is going on."""
    done: Text = Field(default="", max_length=MAX_PART)
    """已采取措施: what was done about it."""
    to_do: Text = Field(default="", max_length=MAX_PART)
    """待办事项: what is left to do."""
    resources: Text = Field(default="", max_length=MAX_PART)
    """力量与物资: who and what is at hand, and where."""
    remarks: Text = Field(default="", max_length=MAX_PART)
    """备注."""


class DutyHandOver(DutyNote):
    """Hand over the duty of one's own center, with a note for the next one; at least the situation is told."""

    turn: ObjectId
    """The turn that ends."""


class Shift(Wire):
    """A planned shift."""

    role: ShiftRole
    starts_at: str
    ends_at: str
    name: str
    post: str


class DutyPlanned(Wire):
    """The roster of a span of time; shifts that began in it before are no more."""

    plan: str
    center: str
    center_name: str
    starts_at: str
    ends_at: str
    shifts: list[Shift]
    by: Author


class DutyPlanOver(Wire):
    """A roster is past and needs not be kept in mind."""

    plan: str
    center: str


class DutyTaken(Wire):
    """Somebody took over the duty of a center."""

    turn: str
    center: str
    center_name: str
    name: str
    post: str
    by: Author
    """The account at which he did."""


class DutyHanded(Wire):
    """Somebody handed over the duty of a center, with a note."""

    turn: str
    center: str
    center_name: str
    name: str
    """Who had it."""
    situation: str
    done: str
    to_do: str
    resources: str
    remarks: str
    by: Author


class DutyRelieved(Wire):
    """The next one has taken over: a turn is past."""

    turn: str
    center: str
    center_name: str
    name: str
    """Who takes over."""
    read: bool
    """Whether he confirmed a note; false where none was written."""
    by: Author


class DutyMissed(Wire):
    """A shift has begun, and nobody has taken over."""

    plan: str
    """The roster it stands in."""
    center: str
    center_name: str
    starts_at: str
    ends_at: str
    name: str
    """Whose shift it is."""
    post: str
    holder: str | None
    """Who took over last and has not handed over; null where nobody is there."""
