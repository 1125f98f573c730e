"""What the database has for a phone of a grid member, read at once: one state of it, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.grids.sweep_form import Known
from hub.grids.sweep_kept import Said, SweepRow
from hub.grids.visit_shapes import VisitLast

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkWanted:
    """What a phone asks for."""

    account: str
    """Of whom its visits since `day_begins` are told."""
    day_begins: str
    grids: Sequence[str]
    villages: Sequence[str]
    """Those of the grids."""
    sweeps: Sequence[str]
    """Those whose visits are taken."""
    errands_since: str
    """Errands and tasks that were over before are not told."""


@dataclass(frozen=True, slots=True)
class PhoneWork:
    """Of some grids and their villages."""

    cards: Sequence[Json] = field(default=(), repr=False)
    """The households in walking order, unmasked: `HouseholdCard` as on the wire."""
    rows: Sequence[SweepRow] = ()
    """Their rows in open sweeps."""
    known: Mapping[str, Mapping[str, Known]] = field(default_factory=dict, repr=False)
    """Household -> key of a field -> what was answered last."""
    errands: Sequence[Json] = field(default=(), repr=False)
    errand_words: Mapping[str, tuple[str, str, str]] = field(default_factory=dict, repr=False)
    """Errand -> by which key it is sealed, whose household, what was asked for, sealed."""
    tasks: Sequence[Json] = ()
    """Orders in these grids."""
    orders: Mapping[str, Sequence[Json]] = field(default_factory=dict, repr=False)
    """Village -> orders that it has to carry out."""
    lists: Mapping[str, Sequence[Json]] = field(default_factory=dict, repr=False)
    """Village -> lists of which it checks rows."""
    doors: Mapping[str, VisitLast] = field(default_factory=dict)
    """Household -> what was said last of it outside of sweeps."""
    own: Sequence[Json] = field(default=(), repr=False)
    """Visits of the account that asks, since its day began, newest first."""
    fixes: Mapping[int, Sequence[Json]] = field(default_factory=dict, repr=False)
    """Entry of such a visit -> what was put right of it, the oldest first."""
    said: Mapping[int, Said] = field(default_factory=dict, repr=False)
    """Entry of a visit or of a correction -> what was answered, sealed."""
