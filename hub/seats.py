"""Seats: everybody who ever joined a meeting, and how he stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from hub.parts import Audience, Keyed, Row
from hub.shapes import Level, ParticipantRef, Role


class Seat(Row):
    """A participant's standing in one meeting; `id` is the account's id."""

    id: str
    name: str
    role: Role
    center: str
    center_name: str
    level: Level
    state: Literal["joined", "left", "removed"]
    muted: bool
    """Muted by the chair; survives leaving and joining again."""
    joined_at: str
    """When he first joined."""
    left_at: str | None
    """When he left or was removed, if he is not in the meeting now."""
    present: str = ""
    """Who was said to be there for him; empty where nobody said it."""
    duty: str = ""
    """In which duty; may be empty."""


class Seats(Keyed[Seat]):
    """Everybody who ever joined, by participant id, in the order of first joining."""

    audience: ClassVar[Audience] = "desk"
    own_rows: ClassVar[bool] = True
    lasting: ClassVar[bool] = True


class CameraSeat(Seat):
    """A camera's place in one meeting."""

    sound: bool = False
    """Whether its sound is heard, too, where the directory lets it."""


class CamerasHere(Keyed[CameraSeat]):
    """Cameras that were brought into the meeting, by their ids, in the order in which they came first. They stand beside the
    seats: nobody came, and nobody is counted."""

    lasting: ClassVar[bool] = True


_REF = tuple(ParticipantRef.model_fields)


def taken_seat(who: Mapping[str, Any], before: Seat | None, at: str) -> Seat:
    """The seat of one who joins, or joins again, at this moment; fields of a later version are left aside."""
    return Seat.model_construct(
        **{name: who[name] for name in _REF},
        state="joined",
        muted=before is not None and before.muted,
        joined_at=before.joined_at if before is not None else at,
        left_at=None,
        present=before.present if before is not None else "",
        duty=before.duty if before is not None else "",
    )
