"""What the database has for a phone of a grid member, read at once: one state of it, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.grids.registry import HouseholdCard
from hub.grids.sweep_form import Known
from hub.grids.sweep_kept import SweepRow

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PhoneWork:
    """Of some grids and their villages."""

    cards: Sequence[HouseholdCard] = field(default=(), repr=False)
    """The households in walking order, unmasked."""
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
