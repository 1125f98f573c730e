"""Grids as they are read: lists, one with its history, numbers by centers."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.grids.grid_shapes import GridKind, GridState, PeopleWere
from hub.shapes import Author, Level, Role, Wire
from signaling.schemas.house_answers import WrongRow

GridStep = TypeAliasType(
    "GridStep", Literal["made", "changed", "assigned", "handed", "split", "joined", "removed"]
)


class GridPerson(Wire):
    """Somebody who works in a grid."""

    account: str
    name: str
    """Empty where the account is no more."""


class VillageGrid(Wire):
    """A grid, and who works in it."""

    grid: str
    """15 digits: those of its village and three of its own."""
    village: str
    name: str
    kind: GridKind
    planned: int
    """How many households it is meant to have."""
    state: GridState
    since: str
    ended_at: str | None
    batch: str | None
    """The list that it was brought with."""
    leader: GridPerson | None
    members: list[GridPerson]
    into: list[str]
    """Of one that is no more: codes of those that it became."""


class GridPage(Wire):
    """Grids by code; `next` is the `after` of the following page."""

    grids: list[VillageGrid]
    next: str | None
    seq: int


class OwnGrids(Wire):
    """The grids that one answers for or walks."""

    grids: list[VillageGrid]
    seq: int


class GridWorker(Wire):
    """Somebody who can work in grids of his village."""

    account: str
    name: str
    role: Role
    """`grid_leader` can answer for a grid, and walk one; `grid_member` walks."""
    disabled: bool
    grids: list[str]
    """Codes of the grids that he answers for or walks."""


class GridWorkers(Wire):
    """The people of a village who can work in its grids."""

    village: str
    people: list[GridWorker]
    seq: int


class ListedPerson(Wire):
    """Somebody whom a list of grids names, and who has no account yet."""

    row: int
    username: str
    name: str
    role: Role
    center: str


class ListedGrid(Wire):
    """A grid of a list. People stand by their user names."""

    row: int
    village: str
    grid: str | None
    """Its code; null: the next number of the village."""
    name: str
    kind: GridKind
    planned: int
    leader: str | None
    members: list[str]
    accounts: dict[str, str]
    """Of those who have one: user name -> account."""


class GridsPreview(Wire):
    """What a list of grids would bring. Nothing is made yet."""

    batch: str
    """What `grid.make` calls this list."""
    people: list[ListedPerson]
    """Accounts to be made first."""
    new: list[ListedGrid]
    changed: list[ListedGrid]
    """Grids that are there, with other people."""
    same: int
    villages: dict[str, str]
    """Names of the villages, by code."""
    wrong: list[WrongRow]


class GridMoment(Wire):
    """How a grid stood after something was done to it."""

    seq: int
    kind: GridStep
    at: str
    name: str
    """Empty at its end."""
    leader: GridPerson | None
    members: list[GridPerson]
    others: list[str]
    """Codes of grids that it came of, or became."""
    by: Author | None


class GridWhole(Wire):
    """A grid with its history, the oldest first."""

    grid: VillageGrid
    history: list[GridMoment]
    seq: int


class GridSums(Wire):
    """Numbers of the grids of a center and all below it."""

    grids: int
    unassigned: int
    """How many of them nobody works in."""
    members: int
    """How many people work in them."""
    planned: int
    """How many households they are meant to have."""


class GridRow(GridSums):
    """Numbers of the grids of one center, with all below it."""

    center: str
    name: str
    level: Level
    below: bool
    """Whether there are centers below it."""


class GridCounts(Wire):
    """Numbers by the centers right below one."""

    center: str
    name: str
    total: GridSums
    online: int
    """How many of the people of all these grids have their phone's page open now."""
    rows: list[GridRow]
    seq: int


class GridImport(Wire):
    """A list that brought grids, of which some are there still, or gave others people."""

    batch: str
    at: str
    grids: int
    """How many of them are there."""
    changed: int
    """In how many others work the people that it gave them."""
    villages: int


class GridGiven(Wire):
    """A grid to which a list gave these people."""

    grid: str
    name: str
    village: str
    leader: str | None
    members: list[str]
    was: PeopleWere
    """Who worked there before."""
    stands: bool
    """Whether these people work there still."""


class GridsGiven(Wire):
    """Some of them by code; `next` is the `after` of the following page."""

    people: list[GridGiven]
    next: str | None


class GridImports(Wire):
    """Lists of the last day, the newest first."""

    imports: list[GridImport]
    seq: int
