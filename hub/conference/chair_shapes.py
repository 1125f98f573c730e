"""What the chair of a meeting looks like: who stands by, who asks for it, and its commands and entries."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from hub.fields import ParticipantId, Text
from hub.parts import Audience, Part
from hub.ruling import CommandData
from hub.shapes import ParticipantRef, Wire

#: Why another one has the chair: given to who asked, handed over, given back, taken by who commands him, because he
#: stayed away, because he left.
ChairReason = Literal["granted", "handed_over", "given_back", "taken", "away", "left"]


class ChairRequest(Wire):
    """Somebody asks for the chair."""

    participant: ParticipantRef
    at: str
    reason: str
    """Why; may be empty."""


class Chair(Part):
    """What stands around the chair. Who has it, and the co-chairs, stand in `meeting`."""

    audience: ClassVar[Audience] = "desk"

    backup: ParticipantRef | None = None
    """Who takes over when the chair goes or stays away."""
    requests: list[ChairRequest] = Field(default_factory=list)
    """Who asks for the chair, the first one first."""
    away: dict[str, str] = Field(default_factory=dict)
    """Those who may have the chair and whose desks are away: participant -> since when."""


class ChairAsk(CommandData):
    """Ask for the chair."""

    reason: Text = Field(default="", max_length=200)
    """Why."""


class ChairOf(CommandData):
    """Something about the chair and this participant."""

    participant: ParticipantId
    """Who."""


class ChairBackup(CommandData):
    """Name who takes over when the chair goes or stays away."""

    participant: ParticipantId | None
    """Who; null for nobody."""


class ChairRequested(Wire):
    """Somebody asks for the chair."""

    participant: ParticipantRef
    reason: str


class ChairChanged(Wire):
    """Another one leads the meeting."""

    participant: ParticipantRef
    before: str
    """Id of who led it."""
    reason: ChairReason


class ChairBackupNamed(Wire):
    """Who takes over when the chair goes or stays away; null for nobody."""

    participant: ParticipantRef | None


class ChairCoNamed(Wire):
    """Somebody controls the meeting beside the chair."""

    participant: ParticipantRef
