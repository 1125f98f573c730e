"""Calls to phones of grid members: what commands bring, and what entries tell."""

from __future__ import annotations

from pydantic import Field

from hub.fields import ObjectId, ParticipantId
from hub.ruling import CommandData
from hub.seats import PhoneEnd
from hub.shapes import Author, OfParticipant, ParticipantRef, Wire


class PhoneCall(CommandData):
    """Call the phone of a grid member, or of a grid leader, into a running meeting."""

    account: ParticipantId
    """Whose phone."""


class PhoneDecline(CommandData):
    """Say that one does not come."""

    busy: bool = False
    """Whether one cannot just now (at a household, on the way), rather than not at all."""


class PhoneRelease(CommandData):
    """Let a phone go, or call it no longer."""

    participant: ParticipantId
    """Whose."""


class PhoneMiss(CommandData):
    """A call was not taken in its time."""

    participant: ParticipantId
    """Whose phone."""


class CaseHousehold(CommandData):
    """Where the registry has the household, put in by the edge."""

    grid: str = Field(pattern=r"^[0-9]{15}$")
    """Its grid."""


class CaseShow(CommandData):
    """Show the meeting the case of a household, as far as each may see it."""

    household: ObjectId
    """Which."""
    found: CaseHousehold | None = None
    """Filled in by the hub; what a client writes here is not looked at."""


class CaseLook(CommandData):
    """Look at the case that is shown from a phone; told by an entry."""

    participant: ParticipantId
    """Whose phone."""


class PhoneCalled(Wire):
    """A grid member's phone was called; it is named as participants are."""

    participant: ParticipantRef
    grid_name: str
    """The grids that he works in, as one reads them; empty for none."""
    by: Author
    until: str
    """Until when it rings."""


class PhoneJoined(OfParticipant):
    """The phone was answered: it is in the meeting."""


class PhoneEnded(OfParticipant):
    """A call was not taken, or the phone is in the meeting no more."""

    why: PhoneEnd


class CaseShown(OfParticipant):
    """The case of a household is shown from a phone. Who lives there stands in no entry."""

    household: str
    grid: str


class CaseHidden(OfParticipant):
    """No case is shown from this phone any more."""

    household: str


class CaseLooked(OfParticipant):
    """Somebody looked at the case that is shown, once for each time that it is shown; who it was is the actor."""

    household: str
    grid: str
