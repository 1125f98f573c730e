"""Bodies of questions: what the HTTP API is asked by POST because it is too long for an address. Nothing is written by them."""

from __future__ import annotations

from pydantic import Field

from hub.called import Reach, centers_field, reaches_field
from hub.conference.booking_shapes import LONGEST, SHORTEST
from hub.fields import CenterCode, Moment, ObjectId, ParticipantId
from hub.ruling import CommandData


class ConflictsAsked(CommandData):
    """The meeting that is to be booked, as far as others can be in its way."""

    starts_at: Moment
    """When it begins."""
    minutes: int = Field(default=60, ge=SHORTEST, le=LONGEST)
    """How long it is meant to last."""
    centers: list[CenterCode] = centers_field()
    """Codes of centers to call."""
    reaches: list[Reach] = reaches_field()
    """Centers with those below them, down to a level each."""
    chair: ParticipantId | None = None
    """Who leads it; null for who asks."""
    booking: ObjectId | None = None
    """The booking itself, where one is changed."""
