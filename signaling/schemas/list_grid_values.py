"""Rows of lists in grids: how far a search has come and what it found, a village's board by grid, candidates."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.grids.list_matching import Way
from hub.shapes import Wire
from signaling.schemas.clearing_values import ClearingCounts, ClearingRow, KeptColumn
from signaling.schemas.registry_values import HouseholdSeen

SearchState = TypeAliasType(
    "SearchState", Literal["matching", "matched", "sharing", "shared", "stopped", "failed"]
)
MatchWay = TypeAliasType("MatchWay", Way)
GivenBy = TypeAliasType("GivenBy", Literal["number", "phone", "name", "birth", "building"])


class ListSearched(Wire):
    """The last search for the rows of a list, and how far it has come; `sharing`: what it found is being given to the grids."""

    state: SearchState
    scope: str
    """The center whose rows are looked for, with all below it."""
    done: int
    rows: int
    """Of how many: rows while it looks for them, villages while it gives them out."""
    name: str
    """Who asked for it."""
    begun_at: str
    ended_at: str | None
    why: str | None
    """Why it failed."""


class WalksThere(Wire):
    """Somebody who walks a grid."""

    account: str
    name: str
    leads: bool
    cleared: int
    """Of how many rows of the village he told last what came of them."""


class GridLine(Wire):
    """A grid, and what came of the rows that lie with it."""

    grid: str
    name: str
    people: list[WalksThere]
    counts: ClearingCounts


class ListGrids(Wire):
    """The rows of a center, and of all below it, in grids: how they were found, and how many lie with grids."""

    clearing: str
    center: str
    center_name: str
    search: ListSearched | None
    ways: dict[MatchWay, int]
    """Way -> rows that were found so; those that nobody looked for are in none."""
    ready: int
    """Rows that the last search found and that no grid has yet: as many as would be given out now."""
    given: int
    """Rows that lie with grids."""
    rows: int
    left: int
    """Rows of which nothing is known yet."""
    villages: int
    """Centers with rows that have grids; where there are none nothing is looked for."""
    grids: list[GridLine]
    """Of a village."""
    own: ClearingCounts | None
    """Of a village: what came of rows that lie with no grid."""
    can_share: bool
    """Whether one may look for these rows and give them to grids."""
    seq: int
    at: str


class RowCandidate(Wire):
    """Somebody of the registry who may be meant, his household as one may see it, and what speaks for him."""

    household: HouseholdSeen = Field(repr=False)
    person: str
    """Which of its persons."""
    score: float
    """Of 100."""
    why: list[GivenBy]


class UnsureRow(Wire):
    """A row that several may be meant by."""

    row: ClearingRow = Field(repr=False)
    candidates: list[RowCandidate]


class UnsureRows(Wire):
    """Rows of a center that somebody has to decide; `next` is the `after` of the following page."""

    columns: list[KeptColumn]
    center: str
    rows: list[UnsureRow]
    next: int | None
    seq: int


class RowGiven(Wire):
    """It is decided whom a row is about."""

    grid: str | None
    """The grid that it lies with now; null: its center checks it."""
    seq: int
