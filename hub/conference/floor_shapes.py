"""What the floor looks like: who waits, who speaks, how it is given; its commands and entries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from hub.fields import ParticipantId, Text
from hub.parts import Audience, Keyed, Part, Row
from hub.ruling import CommandData
from hub.shapes import Wire

#: In which order people wait: as they asked, or higher levels first.
FloorOrder = Literal["asked", "level"]
#: When the time is up: the floor is taken back; he is muted as well; he keeps it, and it is said that he is over it.
FloorEnd = Literal["ends", "mutes", "stays"]


class Claim(Row):
    """One who waits for the floor, has it, or was turned down."""

    state: Literal["waiting", "speaking", "denied"]
    place: int
    """Who waits: how many are before him and he himself; 0 for all others."""
    at: str
    """When he asked, was given the floor, or was turned down."""
    until: str | None
    """When his time is up; null while he waits, for as long as he likes, and while the meeting is paused."""
    left_ms: int | None = None
    """While the meeting is paused: how long he still has when it goes on."""
    reason: str = ""
    """What he wants to speak about; may be empty."""
    answer: str = ""
    """Why he was turned down; may be empty."""
    over: bool = False
    """His time was up, and he goes on."""
    muted_before: bool = Field(default=False, exclude=True)
    """Whether he is to be muted again afterwards."""
    shown: bool = Field(default=False, exclude=True)
    """Whether he stands on the stage by it, and leaves it afterwards."""


class Floor(Keyed[Claim]):
    """Who waits for the floor and who has it, by participant id."""

    audience: ClassVar[Audience] = "desk"
    own_rows: ClassVar[bool] = True


class FloorSettings(Part):
    """How the floor is given in this meeting."""

    order: FloorOrder = "asked"
    seconds: int | None = None
    """The time that desks propose; null for as long as one likes."""
    at_end: FloorEnd = "ends"
    shows: bool = False
    """Whether who is given the floor is put on the stage for as long as he has it."""


class FloorRequest(CommandData):
    """Ask for the floor."""

    reason: Text = Field(default="", max_length=200)
    """What one wants to speak about."""


class FloorGrant(CommandData):
    """Give somebody the floor; whoever has it loses it."""

    participant: ParticipantId
    """Who."""
    seconds: int | None = Field(default=None, ge=5, le=7200)
    """How long from now on; null for as long as he likes."""


class FloorDeny(CommandData):
    """Turn a request for the floor down."""

    participant: ParticipantId
    """Whose."""
    reason: Text = Field(default="", max_length=200)
    """Why; he is told."""


class FloorMove(CommandData):
    """Have somebody wait at another place."""

    participant: ParticipantId
    """Who."""
    place: int = Field(ge=1, le=65_535)
    """Which, from 1 on; one beyond the last is the last."""


class FloorSet(CommandData):
    """Change how the floor is given in this meeting."""

    order: FloorOrder
    """`asked`: who asked first is first; `level`: higher levels before lower ones. Those who wait are put in order anew."""
    seconds: int | None = Field(default=None, ge=5, le=7200)
    """The time that desks propose; null for as long as one likes."""
    at_end: FloorEnd
    """When the time is up: `ends` takes the floor back, `mutes` mutes him as well, `stays` only says so."""
    shows: bool
    """Whether who is given the floor is put on the stage."""


class FloorRevoke(CommandData):
    """Take the floor back."""

    participant: ParticipantId
    """Who has it; nothing is taken from anybody else."""


class FloorExpire(CommandData):
    """The time of who has the floor is up."""

    participant: ParticipantId
    """Who."""


class FloorRequested(Wire):
    """Somebody asked for the floor."""

    participant: str
    reason: str = ""
    place: int | None = None
    """At which place he waits; null for the last."""


class FloorGranted(Wire):
    """Somebody was given the floor, or more time."""

    participant: str
    until: str | None
    """When his time is up; null for as long as he likes."""
    shows: bool = False
    """Whether he is put on the stage by it."""


class FloorDenied(Wire):
    """Somebody was not given the floor."""

    participant: str
    reason: str = ""


class FloorMoved(Wire):
    """Somebody waits at another place."""

    participant: str
    place: int


class FloorChanged(Wire):
    """How the floor is given has been changed; all of it as it is now."""

    order: FloorOrder
    seconds: int | None
    at_end: FloorEnd
    shows: bool


class FloorRevoked(Wire):
    """The floor was taken back."""

    participant: str
    reason: Literal["chair", "next", "time", "removed"]
    """`chair`: he was told so; `next`: somebody else was given it; `time`: his time was up; `removed`: he was put out."""


class FloorGoesOn(Wire):
    """The time of who has the floor goes on with the meeting."""

    participant: str
    until: str
    """When it is up now."""
