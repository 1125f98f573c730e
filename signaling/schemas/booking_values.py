"""Meetings to come, and what they are made from."""

from __future__ import annotations

from typing import Literal

from hub.called import Reach
from hub.conference.booking_shapes import BookingState
from hub.directory.secrecy import NORMAL, Secrecy
from hub.shapes import Author, MeetingKind, Wire


class Booking(Wire):
    """A booked meeting."""

    id: str
    title: str
    kind: MeetingKind
    starts_at: str
    minutes: int
    """How long it is meant to last."""
    by: Author
    """Who booked it."""
    line: list[str]
    """Codes of the center that booked it and of those above it, root first: their leaders approve."""
    chair: Author
    backup: Author | None
    """Who takes over when the chair drops."""
    called: int
    """How many centers it calls."""
    names: list[str]
    """Names of the first three."""
    centers: list[str]
    """Codes of all of them; only where one booking is asked for, else empty."""
    record: bool
    drill: bool = False
    """Whether it is a drill."""
    level: Secrecy = NORMAL
    """Who may know of it; `secret` 涉密: the cleared alone."""
    notice_minutes: int
    """How long before its start those called are told; 0 for not at all."""
    by_itself: bool
    """Whether it opens by itself; else its chair opens it."""
    note: str
    template: str | None
    """The template it was made from."""
    state: BookingState
    reason: str
    """Why it was rejected or cancelled, in words; why it was missed, as a MissedReason; else empty."""
    decided_by: Author | None
    """Who approved, rejected or cancelled it."""
    decided_at: str | None
    sequence: int
    """How often it was changed."""
    meeting: str | None
    """The meeting that it became."""
    made_at: str
    changed_at: str


class Template(Wire):
    """A meeting that is convened or booked again and again."""

    id: str
    scope: Literal["mine", "center"]
    title: str
    kind: MeetingKind
    centers: list[str]
    names: list[str]
    """Names of the first three centers and tops of reaches."""
    reaches: list[Reach]
    record: bool
    minutes: int
    notice_minutes: int
    note: str
    by: Author
    saved_at: str
