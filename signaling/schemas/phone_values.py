"""Phones of grid members in meetings, as they are read."""

from __future__ import annotations

from typing import Literal

from hub.grids.sweep_form import Flag
from hub.grids.visit_shapes import VisitOutcome
from hub.shapes import Role, Wire
from signaling.schemas.registry_values import HouseholdSeen
from signaling.schemas.sweep_values import ErrandTold


class PhoneCallNow(Wire):
    """The call of one's phone: it rings, or is in the meeting."""

    meeting: str
    title: str
    secret: bool
    by: str
    """Who calls."""
    by_center: str
    """The name of his center."""
    state: Literal["ringing", "in"]
    until: str | None
    """Until when it rings."""
    recorded: bool
    """Whether the meeting is recorded now."""
    muted: bool
    """Whether who leads has muted this phone."""
    on_stage: bool
    """Whether all see its picture."""
    household: str | None
    """The household whose case is shown from here."""
    looked: int
    """How many have looked at it."""


class PhoneLineEvent(Wire):
    """What a phone is told in its line."""

    call: PhoneCallNow | None
    orders: int = 0
    """Another one than before: something about orders in one's grids has changed, and one's work is to be read again."""


class PresentGrid(Wire):
    """A grid, and the accounts of who works in it."""

    grid: str
    name: str
    leader: str | None
    members: list[str]


class PresentPerson(Wire):
    """Somebody who works in grids, and whether his phone is there."""

    account: str
    name: str
    role: Role
    online: bool
    """Whether his phone's page is open now, and can be called."""
    seen_at: str | None
    """When it was there last, since the hub began; null while it is there, and where that is not known."""
    bound: bool
    """Whether a phone of his is bound."""
    busy: bool
    """Whether a meeting calls his phone, or has it."""


class PresentWalk(Wire):
    """Who has told of visits in a grid today."""

    grid: str
    account: str
    visits: int
    reached: int
    """At how many of them somebody was met, or spoken to."""
    last: str | None
    """When the last one was."""


class GridsPresent(Wire):
    """The grids of a village, and whose phone is there now."""

    village: str
    grids: list[PresentGrid]
    people: list[PresentPerson]
    may_call: bool
    """Whether the reader may call them into a meeting that he leads."""
    walked: list[PresentWalk]
    """How far they have come today, for who reads sweeps; who has told of nothing is not in it."""
    at: str


class CaseVisit(Wire):
    """A visit of the household whose case is shown; what was said stands elsewhere."""

    seq: int
    outcome: VisitOutcome
    at: str
    by: str
    seen: int
    """How many persons were seen."""
    flags: list[Flag]
    conflict: bool


class CaseSeen(Wire):
    """The case that is shown from a phone, as far as the reader may see it."""

    participant: str
    household: HouseholdSeen
    visits: list[CaseVisit]
    """The newest first."""
    errands: list[ErrandTold]
