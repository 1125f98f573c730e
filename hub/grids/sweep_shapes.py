"""What commands and entries about sweeps (排查) hold: numbers of rows by village and grid, never a household's name."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.grids.sweep_form import MAX_FIELDS, FormField
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: Most rows of a sweep: a city of five million households.
MAX_ROWS: Final = 5_000_000
MAX_TITLE: Final = 60
#: How long after its closing visits of phones that had no line are still taken, in days.
LATE_DAYS: Final = 7
#: After how many days answers are gone, at most.
MAX_DAYS: Final = 366

#: All households of an area (地毯式), or those that something points to (指向性).
SweepSort = TypeAliasType("SweepSort", Literal["blanket", "pointed"])
SweepId = Annotated[ObjectId, StringConstraints(pattern=r"^sw_")]
#: A grid's code: its village's 12 digits and 3 of its own.
GridNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{15}$")]
RowNumber = Annotated[int, Field(ge=1, le=MAX_ROWS)]
#: How many households and how many persons.
Numbers = Annotated[list[Annotated[int, Field(ge=0, le=MAX_ROWS * 20)]], Field(min_length=2, max_length=2)]


class SweepLoad(CommandData):
    """The households of a sweep are fixed: how many there are, and of which grids."""

    sweep: SweepId
    """The sweep."""
    title: Text = Field(min_length=1, max_length=MAX_TITLE)
    """What people call it."""
    sort: SweepSort
    """Whether all households of the area are visited, or certain ones."""
    note: Text = Field(default="", max_length=500)
    """What is to be looked at; no person is to stand in it."""
    account: ObjectId
    """Who opened it."""
    name: Text = Field(max_length=100)
    """His name."""
    center: CenterCode
    """His center."""
    due: Moment | None = None
    """By when all are to be visited."""
    days: int = Field(default=90, ge=1, le=MAX_DAYS)
    """How many days after its closing what was answered is kept."""
    form: list[FormField] = Field(default_factory=list, max_length=MAX_FIELDS)
    """What is asked."""
    rows: dict[CenterCode, dict[GridNumber, Numbers]] = Field(min_length=1)
    """Village -> grid -> how many households and persons. Rows are numbered from 1 in the order of the grids' codes."""


class SweepNamed(CommandData):
    """A sweep."""

    sweep: SweepId
    """The sweep."""


class SweepClose(SweepNamed):
    """Close a sweep: nobody is visited for it any more."""

    reason: Text = Field(default="", max_length=200)
    """Why, where households are left; nobody's name."""


class SweepOpened(Wire):
    """A sweep was opened, and whom it expects is fixed."""

    sweep: str
    title: str
    sort: SweepSort
    note: str
    by: Author
    due: str | None
    days: int
    form: list[FormField]
    rows: dict[str, dict[str, list[int]]]
    """Village -> grid -> how many households and persons."""


class SweepMoved(Wire):
    """A grid was split, or several became one: rows are other grids' from now on. The numbers of rows stay."""

    sweep: str
    center: str
    """The village."""
    moves: dict[str, list[int]]
    """Grid -> rows that are its from now on."""
    was: dict[str, list[int]]
    """Grid -> the same rows, as they were."""


class SweepFolded(Wire):
    """What came of all rows of a village up to here, in short: a restart needs nothing before it."""

    sweep: str
    center: str
    """The village."""
    part: int
    """Counts these, from 1 on."""
    rows: str
    """What came of the rows, packed (hub.grids.sweep_state)."""


class SweepFellDue(Wire):
    """It should be done by now, and is not."""

    sweep: str
    title: str
    left: dict[str, int]
    """Village -> households that nobody has reached."""


class SweepClosed(Wire):
    """Nobody is visited for it any more; visits of before that come late are still taken for some days."""

    sweep: str
    by: Author
    reason: str
    left: int
    """How many households nobody has reached."""


class SweepEnded(Wire):
    """No visits of it are taken any more."""

    sweep: str


class SweepForgotten(Wire):
    """What was answered in it is gone, with its key. Numbers stay."""

    sweep: str
