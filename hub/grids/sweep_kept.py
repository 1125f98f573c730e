"""What is kept of sweeps outside of the journal, as values: whom one expects, its rows, and what was answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from hub.grids.registry import HouseholdKind, Residence


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which households of an area a sweep expects; all where nothing is said."""

    #: Only those where somebody of one of these residences lives: registered, floating, abroad.
    residence: Sequence[Residence] = ()
    #: Only those of these kinds.
    kinds: Sequence[HouseholdKind] = ()
    #: Only those in these grids.
    grids: Sequence[str] = ()
    #: Only these.
    households: Sequence[str] = ()


class SweepRow(NamedTuple):
    """A row of a sweep, and what came of it."""

    sweep: str
    number: int
    household: str
    grid: str
    persons: int
    outcome: str | None
    seen: int
    tries: int
    handed: bool
    conflicts: int
    seq: int
    at: str | None
    account: str | None


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows of a sweep: within numbers, of grids, of one outcome (`left`: none yet; `open`, `handed`, `conflict`)."""

    sweep: str
    ranges: Sequence[tuple[int, int]] | None = None
    grids: Collection[str] | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered at one visit, sealed."""

    seq: int
    about: str
    household: str
    sealed: str


@dataclass(slots=True)
class NewKnown:
    """What is known of a household from a visit on."""

    seq: int
    at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)
    #: Whether somebody said that all else is as it was.
    unchanged: bool = False
