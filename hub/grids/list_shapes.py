"""What commands and entries about rows of lists in grids hold: numbers of rows, codes of grids, and how they were found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.dispatch.clearing_shapes import MAX_RESULTS, ClearingId, RowNumber
from hub.fields import CenterCode, ObjectId, Text
from hub.grids.sweep_shapes import GridNumber
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: By what a row found its grid: the number of an identity card, a telephone, the building of its address.
MatchedBy = TypeAliasType("MatchedBy", Literal["number", "phone", "building"])
#: Why rows change hands: the hub matched them, somebody decided, grids were split or joined, a grid is no more.
AssignedWhy = TypeAliasType("AssignedWhy", Literal["matched", "by_hand", "moved", "ended"])
#: Rows of one center that are given to its grids at once, at most.
MAX_ALLOTTED = 100_000
Count = Annotated[int, Field(ge=0)]


class ClearingAssign(CommandData):
    """Give rows of one center to one of its grids, or take them back."""

    clearing: ClearingId
    """The list."""
    rows: list[RowNumber] = Field(min_length=1, max_length=MAX_RESULTS)
    """Their numbers."""
    grid: GridNumber | None
    """The grid; null: the center checks them itself again."""


class ClearingAllot(CommandData):
    """Rows of one center go to the grids in which they were found."""

    clearing: ClearingId
    """The list."""
    center: CenterCode
    """Whose rows they are."""
    grids: dict[GridNumber, list[RowNumber]]
    """Grid -> its rows."""
    ways: dict[MatchedBy, Count]
    """How many were found by what."""
    account: ObjectId
    """Who asked for it."""
    name: Text = Field(max_length=100)
    """His name."""
    by: CenterCode
    """His center."""


class ClearingAssigned(Wire):
    """Rows of a center lie with these grids from now on, or with the center itself again."""

    clearing: str
    center: str
    why: AssignedWhy
    grids: dict[str, list[int]]
    """Grid -> numbers of rows."""
    back: list[int]
    """Numbers of rows that no grid has any more."""
    ways: dict[MatchedBy, int]
    """Of matched ones: how many were found by what."""
    by: Author | None
    """Who asked for it; null where grids changed."""
