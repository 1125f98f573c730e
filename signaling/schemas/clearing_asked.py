"""Bodies of questions about lists of people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.dispatch.clearing_shapes import MAX_RESULTS, MAX_TITLE, RowResult
from hub.fields import CenterCode, ObjectId, Text
from hub.ruling import CommandData
from hub.sheets.limits import MAX_COLUMNS
from signaling.schemas.clearing_values import ColumnRole

#: Days after which rows are gone, at most.
MAX_DAYS = 90
MAX_MENDS = 500


class Mend(CommandData):
    """What a person decided for a text that means no center, or several."""

    text: str = Field(max_length=4000)
    """As it stands in the file."""
    center: CenterCode | None
    """The center; null: its rows are left out."""


class MatchAsked(CommandData):
    """What the columns of a file are, and what was decided."""

    columns: list[ColumnRole] = Field(min_length=1, max_length=MAX_COLUMNS)
    """One for each column: at least one `center`, at most one `id`."""
    mends: list[Mend] = Field(default_factory=list, max_length=MAX_MENDS)
    """Decisions."""


class LoadAsked(MatchAsked):
    """Make a list of a file."""

    title: Text = Field(min_length=1, max_length=MAX_TITLE)
    """What people call it."""
    days: int = Field(default=7, ge=1, le=MAX_DAYS)
    """After how many days its rows are gone."""
    leave_out: bool = False
    """Whether rows whose center is not sure are left out; without, the file is refused while there are any."""


class BroughtResult(RowResult):
    """What came of a row, with words: those stand sealed beside the row, and in no entry."""

    text: Text = Field(default="", max_length=500)
    """What is the matter; personal as the row is."""


class ResultsBrought(CommandData):
    """What came of rows of one's own center."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
    """Made by who sends it: sent again, it counts once."""
    results: list[BroughtResult] = Field(min_length=1, max_length=MAX_RESULTS)
    """One for each row."""


class ScopeAsked(CommandData):
    """Whose rows of a list are looked for, or given to grids."""

    center: CenterCode
    """The center, with all below it."""


class HouseholdAsked(CommandData):
    """Who a row is about, as a person decides."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
    """Made by who sends it: sent again, it counts once."""
    household: Annotated[ObjectId, StringConstraints(pattern=r"^hh_")] | None
    """One of the candidates; null: none of them, so that its center checks the row itself."""
