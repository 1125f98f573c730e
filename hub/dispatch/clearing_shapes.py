"""What commands and entries about lists of people to be checked hold: numbers of rows and what came of them, never a person."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: Most rows of a list, and most results of one command.
MAX_ROWS: Final = 100_000
MAX_RESULTS: Final = 100
MAX_TITLE: Final = 60

#: Looked at, all is well; something is the matter; nobody knows such a person; gone elsewhere (a center named: it checks).
Outcome = TypeAliasType("Outcome", Literal["normal", "abnormal", "absent", "moved"])
#: What is the matter: not reached, refuses, ill or hurt, in danger, the row is wrong, something else.
Trouble = TypeAliasType("Trouble", Literal["unreached", "refuses", "ill", "danger", "wrong", "other"])
#: Why its rows are gone: their time was up, somebody took the list back.
DeletedWhy = TypeAliasType("DeletedWhy", Literal["time", "by_hand"])
#: SHA-256, hex.
Commitment = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
RowNumber = Annotated[int, Field(ge=1, le=MAX_ROWS)]
ClearingId = Annotated[ObjectId, StringConstraints(pattern=r"^li_")]


class ClearingLoad(CommandData):
    """The rows of a list stand in the hub: whose they are, and until when."""

    clearing: ClearingId
    """The list."""
    title: Text = Field(min_length=1, max_length=MAX_TITLE)
    """What people call it."""
    account: ObjectId
    """Who brought it."""
    name: Text = Field(max_length=100)
    """His name."""
    center: CenterCode
    """His center."""
    counts: dict[CenterCode, RowNumber] = Field(min_length=1)
    """How many rows each center has; rows are numbered in the order of these codes."""
    left_out: int = Field(ge=0)
    """Rows of the file that were left out."""
    repeated: int = Field(ge=0)
    """Rows whose person stands in the list more than once."""
    commitment: Commitment
    """What commits to all rows."""
    delete_at: Moment
    """When the rows are to be gone."""


class ClearingIssue(CommandData):
    """Give the rows of a list to the centers that are responsible."""

    clearing: ClearingId
    """The list."""
    note: Text = Field(default="", max_length=300)
    """What is to be done; no person is to stand in it."""
    due: Moment | None = None
    """By when."""


class ClearingNamed(CommandData):
    """A list."""

    clearing: ClearingId
    """The list."""


class ClearingTake(ClearingNamed):
    """Receive the rows of one's own center: from then on they are read in full."""


class ClearingDelete(ClearingNamed):
    """Take a list back, or close it before its time: its rows are gone for good, its numbers stay."""

    reason: Text = Field(default="", max_length=200)
    """Why; of one that was given out it has to be said, and those who checked rows read it. Nobody's name."""


class RowResult(CommandData):
    """What came of one row."""

    row: RowNumber
    """Its number."""
    outcome: Outcome
    """What came of it."""
    trouble: Trouble | None = None
    """Of an abnormal one: what is the matter."""
    to: CenterCode | None = None
    """Of one that moved: the center that checks from now on; null for outside of the list's centers."""


class ClearingReport(CommandData):
    """Tell what came of rows of one's own center; a later result takes the place of an earlier one."""

    clearing: ClearingId
    """The list."""
    results: list[RowResult] = Field(min_length=1, max_length=MAX_RESULTS)
    """One for each row."""
    commitment: Commitment | None = None
    """What commits to what was written about these rows; null where nothing was."""


class ClearingUnmask(CommandData):
    """Read the personal values of a row of another center."""

    clearing: ClearingId
    """The list."""
    row: RowNumber
    """Its number."""


class ClearingLoaded(Wire):
    """A list stands in the hub; nobody but its center knows of it yet."""

    clearing: str
    title: str
    by: Author
    counts: dict[str, int]
    """Code of the center -> its rows; they are numbered from 1 in the order of the codes."""
    left_out: int
    repeated: int
    commitment: str
    delete_at: str


class ClearingIssued(Wire):
    """The rows of a list were given to their centers."""

    clearing: str
    by: Author
    note: str
    due: str | None


class ClearingTaken(Wire):
    """Somebody of a center received its rows."""

    clearing: str
    center: str
    by: Author


class ReportedRow(Wire):
    """What came of a row, and what had come of it before."""

    row: int
    outcome: Outcome
    trouble: Trouble | None
    to: str | None
    was: Outcome | None


class ClearingReported(Wire):
    """A center told what came of rows."""

    clearing: str
    center: str
    results: list[ReportedRow]
    commitment: str | None


class ClearingUnmasked(Wire):
    """Somebody read the personal values of a row of another center."""

    clearing: str
    row: int
    center: str
    """Whose row it is."""
    by: Author


class ClearingDeleted(Wire):
    """The rows of a list are gone, with their key and salt."""

    clearing: str
    why: DeletedWhy
    reason: str = ""
    """Why, where somebody closed it before its time."""
    by: Author | None = None
    """Who did; null where its time was over."""
    left: int | None = None
    """Of how many rows nothing was found out: they are checked no more."""
