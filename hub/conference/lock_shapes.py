"""What a locked meeting looks like: that it is, and who waits at its door."""

from __future__ import annotations

from typing import ClassVar, Literal

from hub.fields import ParticipantId
from hub.parts import Audience, Keyed, Part, Row
from hub.ruling import CommandData
from hub.shapes import Author, Level, ParticipantRef, Role, Wire


class Lock(Part):
    """Whether the meeting is locked: who comes then waits to be let in."""

    locked: bool = False
    by: Author | None = None
    """Who locked it."""
    at: str | None = None
    """Since when."""


class Waiter(Row):
    """One who came to a locked meeting; `id` is the account's id."""

    id: str
    name: str
    role: Role
    center: str
    center_name: str
    level: Level
    state: Literal["waiting", "refused"]
    """`refused`: he was told that he is not let in; he may be all the same."""
    at: str
    """Since when he waits, or when he was told so."""


class Waiting(Keyed[Waiter]):
    """Who waits to be let in, by account id, the first one first."""

    audience: ClassVar[Audience] = "desk"
    own_rows: ClassVar[bool] = True


class WaitingAdmit(CommandData):
    """Let in who waits."""

    participant: ParticipantId | None
    """Who; null for all who wait."""


class WaitingRefuse(CommandData):
    """Tell who waits that he is not let in."""

    participant: ParticipantId
    """Who."""


class Locked(Wire):
    """The meeting was locked: who comes from now on waits."""

    by: Author


class WaitingCame(Wire):
    """Somebody came to the locked meeting and waits."""

    participant: ParticipantRef


class WaitingAdmitted(Wire):
    """They are let in."""

    participants: list[ParticipantRef]
