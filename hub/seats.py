"""Seats: everybody who ever joined a meeting, and how he stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

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


#: Why a phone is not in: it was not taken (`declined`, `busy`, `unanswered`, `called_off`), or is in no more (`left`: hung up;
#: `let_go` by who leads; `withdrawn`: the phone or the account; `level`: the meeting is secret; `meeting_ended`).
PhoneEnd = TypeAliasType(
    "PhoneEnd",
    Literal[
        "declined",
        "busy",
        "unanswered",
        "called_off",
        "left",
        "let_go",
        "withdrawn",
        "level",
        "meeting_ended",
    ],
)


class Seats(Keyed[Seat]):
    """Everybody who ever joined, by participant id, in the order of first joining."""

    audience: ClassVar[Audience] = "desk"
    own_rows: ClassVar[bool] = True
    lasting: ClassVar[bool] = True


class BesideSeat(Seat):
    """Who is shown and recorded as participants are, and stands beside the seats: nobody came, and nobody is counted."""

    @property
    def is_heard(self) -> bool:
        """Whether its sound is among what all hear, as far as it is up to itself."""
        raise NotImplementedError


class CameraSeat(BesideSeat):
    """A camera's place in one meeting."""

    sound: bool = False
    """Whether its sound is heard, too, where the directory lets it."""

    @property
    def is_heard(self) -> bool:
        return self.sound


class CamerasHere(Keyed[CameraSeat]):
    """Cameras that were brought into the meeting, by their ids, in the order in which they came first."""

    lasting: ClassVar[bool] = True


class PhoneSeat(BesideSeat):
    """The place of a grid member's phone in one meeting, from its first call on. `state` is `joined` while it is in."""

    grid_name: str
    """The grids that he walks or answers for, as one reads them; empty for none."""
    by: str
    """The name of who called last."""
    by_center: str
    """The name of his center."""
    until: str | None
    """Until when it is called; null while it is not."""
    rings: bool
    """Whether the phone has said that it rings."""
    why: PhoneEnd | None
    """Why the last call ended, or was not taken; null while it rings or is in."""
    household: str | None
    """The household whose case is shown from it; null for none."""
    grid: str | None
    """The grid of that household."""
    looked: list[str] = Field(exclude=True)
    """Accounts that have looked at this case since it is shown."""

    @property
    def is_heard(self) -> bool:
        return not self.muted


class PhonesHere(Keyed[PhoneSeat]):
    """Phones of grid members that were called into the meeting, by account, in the order of their first calls."""

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
