"""What commands and entries about grids hold."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.fields import CenterCode, ObjectId, ParticipantId, Text
from hub.ruling import CommandData
from hub.shapes import Author, Wire

GridKind = TypeAliasType("GridKind", Literal["basic", "dedicated"])
GridState = TypeAliasType("GridState", Literal["active", "ended"])
#: Code of a grid: 15 digits.
GridCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{15}$")]
#: What a grid is called: one line.
GridName = Annotated[Text, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\n\t]+$")]

#: Grids that one command makes or removes: their entry stays below 64 KiB.
MAX_AT_ONCE: Final = 100
MAX_MEMBERS: Final = 20
#: Grids that one becomes, or that become one.
MAX_PARTS: Final = 10
#: Households that a split names.
MAX_NAMED: Final = 1_000
#: Sweeps and lists that are open in a village at a time, as far as a split tells of them.
MAX_SWEEPS: Final = 200
#: Households that a grid may be meant to have.
MAX_PLANNED: Final = 5_000


class GridPeople(CommandData):
    """Base of what says who works in a grid."""

    leader: ParticipantId | None = None
    """Account of who answers for it (网格长); null for nobody yet."""
    members: list[ParticipantId] = Field(default=[], max_length=MAX_MEMBERS)
    """Accounts of those who walk it (网格员)."""


class NewGrid(GridPeople):
    """A grid to be made."""

    grid: GridCode | None = None
    """Its code; null: the next number of the village."""
    name: GridName
    """What people call it."""
    kind: GridKind = "basic"
    """Whether it is one with nothing but a market, a school, a works."""
    planned: int = Field(default=0, ge=0, le=MAX_PLANNED)
    """How many households it is meant to have."""


class GridMake(CommandData):
    """Make grids of a village: all of them, or none."""

    village: CenterCode
    """Whose."""
    grids: list[NewGrid] = Field(min_length=1, max_length=MAX_AT_ONCE)
    """Which."""
    batch: ObjectId | None = None
    """The list that they were brought with; null for none."""


class GridChange(CommandData):
    """Give a grid another name, kind or number of households; null leaves it."""

    grid: GridCode
    """Which."""
    name: GridName | None = None
    """What people call it."""
    kind: GridKind | None = None
    """Whether it is one with nothing but a market, a school, a works."""
    planned: int | None = Field(default=None, ge=0, le=MAX_PLANNED)
    """How many households it is meant to have."""


class GridAssign(GridPeople):
    """Say who answers for a grid and who walks it from now on; whoever is not named does no longer."""

    grid: GridCode
    """Which."""
    batch: ObjectId | None = None
    """The list that says so; null for none."""
    now: GridPeople | None = None
    """Who works there as far as is known: with others there by now it is refused. Null: whoever does."""


class GridHand(CommandData):
    """Hand grids from one person over to another, who takes his place in each."""

    account: ParticipantId
    """Who gives them up."""
    to: ParticipantId
    """Who takes them."""
    grids: list[GridCode] = Field(min_length=1, max_length=MAX_AT_ONCE)
    """Which; all of one village."""


class SplitInto(GridPeople):
    """A part that a grid becomes."""

    grid: GridCode | None = None
    """Its code: that of the grid itself, which then goes on as this part; null: the next number of the village."""
    name: GridName
    """What people call it."""
    planned: int = Field(default=0, ge=0, le=MAX_PLANNED)
    """How many households it is meant to have."""
    households: list[ObjectId] = Field(default=[], max_length=MAX_NAMED)
    """Ids of the households that are its from now on."""


class GridSplit(CommandData):
    """Split a grid. Every household goes to one part: those that no part names to `rest`."""

    grid: GridCode
    """Which."""
    into: list[SplitInto] = Field(min_length=2, max_length=MAX_PARTS)
    """What it becomes."""
    rest: int = Field(default=0, ge=0, lt=MAX_PARTS)
    """Place in `into`, from 0 on, of the part that gets all households that none names."""
    rows: dict[ObjectId, list[list[Annotated[int, Field(ge=1)]]]] = Field(default={}, max_length=MAX_SWEEPS)
    """Of each open sweep and list of the village: by part, rows of the households that it names. The hub fills it in,
    whatever a client says."""


class JoinInto(CommandData):
    """What grids become together."""

    grid: GridCode | None = None
    """Its code: that of one of them, which then goes on; null: the next number of the village."""
    name: GridName
    """What people call it."""
    leader: ParticipantId | None = None
    """Who answers for it; null for nobody yet."""
    members: list[ParticipantId] | None = Field(default=None, max_length=MAX_MEMBERS)
    """Who walks it; null: all who walked them."""


class GridJoin(CommandData):
    """Join grids of one village; their households are the joined grid's from then on."""

    grids: list[GridCode] = Field(min_length=2, max_length=MAX_PARTS)
    """Which."""
    into: JoinInto
    """What they become."""


class GridRemove(CommandData):
    """Take grids away that were made by mistake: no household may be registered in one."""

    village: CenterCode
    """Whose."""
    grids: list[GridCode] = Field(min_length=1, max_length=MAX_AT_ONCE)
    """Which."""


# -- entries


class GridFacts(Wire):
    """A grid, as it is from now on."""

    grid: str
    name: str
    kind: GridKind
    leader: str | None
    members: list[str]
    planned: int


class GridEntry(Wire):
    """Base of entries about grids of a village. `by` is null where it follows from something else, and for the hub's owner."""

    village: str
    by: Author | None


class GridsMade(GridEntry):
    """Grids were made."""

    grids: list[GridFacts]
    batch: str | None


class GridWas(Wire):
    """What a grid was before."""

    name: str
    kind: GridKind
    planned: int


class GridChanged(GridEntry, GridFacts):
    """A grid has another name, kind or number of households."""

    was: GridWas


class PeopleWere(Wire):
    """Who worked in a grid before."""

    leader: str | None
    members: list[str]


class GridAssigned(GridEntry, GridFacts):
    """Other people work in a grid. It follows, too, from what happens to an account."""

    was: PeopleWere
    batch: str | None = None
    """The list that said so."""


class GridsHanded(GridEntry):
    """Somebody took over another one's grids."""

    account: str
    to: str
    grids: list[GridFacts]


class GridPart(GridFacts):
    """A part that a grid became, with the ids of the households that went to it by name."""

    households: list[str]


class GridWasSplit(GridEntry):
    """A grid was split. It goes on where `into` has its own code, and is no more otherwise."""

    grid: str
    name: str
    into: list[GridPart]
    rest: str
    """Code of the part that has all other households."""
    rows: dict[str, dict[str, list[int]]] = Field(default_factory=dict)
    """Sweep -> code of a part -> the rows of the households that it names."""


class GridsJoined(GridEntry):
    """Grids became one. The one whose code `into` has goes on; the others are no more."""

    grids: list[str]
    into: GridFacts


class GridsRemoved(GridEntry):
    """Grids that were made by mistake are no more."""

    grids: list[str]
