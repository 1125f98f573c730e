"""What booking commands are given, and what their entries tell."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.called import Reach, centers_field, reaches_field
from hub.directory.secrecy import NORMAL, Secrecy
from hub.fields import CenterCode, Moment, ObjectId, ParticipantId, Text
from hub.ruling import CommandData
from hub.shapes import Author, MeetingKind, Wire

BookingState = TypeAliasType(
    "BookingState",
    Literal["proposed", "approved", "noticed", "opened", "held", "rejected", "cancelled", "missed"],
)
MissedReason = TypeAliasType(
    "MissedReason", Literal["not_approved", "not_opened", "late", "nobody_came", "nobody_to_call"]
)
#: Shortest and longest meeting that is booked, in minutes.
SHORTEST, LONGEST = 5, 1440
#: The earliest notice, in minutes before the start.
EARLIEST_NOTICE = 1440


class BookingFields(CommandData):
    """What is said of a booked meeting."""

    title: Text = Field(min_length=1, max_length=100)
    """What the meeting is about."""
    kind: MeetingKind
    """指挥调度 or 会商研判."""
    starts_at: Moment
    """When it begins."""
    minutes: int = Field(default=60, ge=SHORTEST, le=LONGEST)
    """How long it is meant to last."""
    centers: list[CenterCode] = centers_field()
    """Codes of centers to call, each within the caller's own subtree. Repetitions count once."""
    reaches: list[Reach] = reaches_field()
    """Centers with those below them, down to a level each."""
    chair: ParticipantId | None = None
    """Who leads it; null for who books."""
    backup: ParticipantId | None = None
    """Who takes over when the chair drops; null for nobody."""
    record: bool = True
    """Whether recording starts with the meeting."""
    drill: bool = False
    """Whether it is a drill."""
    level: Secrecy = NORMAL
    """`secret` 涉密: only accounts that are cleared know of the booking and of the meeting; who books it has to be."""
    notice_minutes: int = Field(default=10, ge=0, le=EARLIEST_NOTICE)
    """How long before the start those called are told; 0 for not at all."""
    by_itself: bool = True
    """Whether it opens by itself; else its chair opens it."""
    note: Text = Field(default="", max_length=1000)
    """What those called should know beforehand."""
    confirmed: bool = False
    """Whether it is booked though its chair leads another meeting then."""


class BookingMake(BookingFields):
    """Book a meeting. Where the center requires approval, a dispatcher's booking waits for it."""

    template: ObjectId | None = None
    """The template it was made from."""


class BookingChange(BookingFields):
    """Book it anew, under the same id: all its fields. It may need approval again."""

    booking: ObjectId
    """The booking."""


class BookingApprove(CommandData):
    """Approve a booking."""

    booking: ObjectId
    """The booking."""


class BookingReject(CommandData):
    """Reject a booking that waits for approval."""

    booking: ObjectId
    """The booking."""
    reason: Text = Field(min_length=1, max_length=500)
    """Why."""


class BookingCancel(CommandData):
    """Call a booked meeting off."""

    booking: ObjectId
    """The booking."""
    reason: Text = Field(min_length=1, max_length=500)
    """Why."""


class BookingOpen(CommandData):
    """Open a booked meeting now: early, or one that does not open by itself."""

    booking: ObjectId
    """The booking."""


class BookingRequireApproval(CommandData):
    """Set whether what a center's dispatchers book needs approval."""

    center: CenterCode
    """The center that books."""
    required: bool
    """Whether its dispatchers' bookings wait for a leader."""


class BookingMade(Wire):
    """A meeting was booked."""

    booking: str
    title: str
    kind: MeetingKind
    starts_at: str
    minutes: int
    centers: list[str]
    names: list[str]
    """Names of the first three."""
    chair: Author
    backup: Author | None = None
    """Who takes over when the chair drops."""
    record: bool
    notice_minutes: int
    by_itself: bool
    note: str
    template: str | None
    state: Literal["proposed", "approved"]
    by: Author
    line: list[str]
    """Codes of the center that books and of those above it, root first."""
    drill: bool = False
    level: Secrecy = NORMAL


class BookingChanged(BookingMade):
    """A booking is another one now; `by` booked it, `changed_by` changed it."""

    changed_by: Author


class BookingCalledOff(Wire):
    """Centers are not called to a booked meeting any more, and see nothing more of it."""

    booking: str
    centers: list[str]


class BookingHidden(Wire):
    """A booking was made secret: who is not cleared sees nothing more of it."""

    booking: str


class BookingApproved(Wire):
    """A booking was approved."""

    booking: str
    by: Author


class BookingRefused(Wire):
    """A booking was rejected or cancelled."""

    booking: str
    by: Author
    reason: str


class BookingNoticed(Wire):
    """Those called to a booked meeting were told that it begins soon."""

    booking: str


class BookingOpened(Wire):
    """The booked meeting was opened."""

    booking: str
    opened: str
    """The meeting."""


class BookingHeld(Wire):
    """The booked meeting was held, and has ended."""

    booking: str


class BookingMissed(Wire):
    """The booked meeting did not take place."""

    booking: str
    reason: MissedReason
    """`late`: no hub ran when it should have opened; `nobody_to_call`: nobody may convene it any more."""


class ApprovalRequired(Wire):
    """Whether what a center's dispatchers book needs approval."""

    center: str
    required: bool
    by: Author
