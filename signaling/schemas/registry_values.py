"""Answers about the registry. What is personal is masked, unless `masked` is false."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType

from hub.grids.registry import (
    Building,
    House,
    HouseholdKind,
    HouseholdState,
    NumberKind,
    Relation,
    Residence,
    Sex,
    Unit,
)
from hub.shapes import Wire

#: What a column of a list for the registry can be.
RegistryColumnRole = TypeAliasType(
    "RegistryColumnRole",
    Literal[
        "grid",
        "building",
        "house",
        "household",
        "relation",
        "name",
        "number",
        "phone",
        "birth",
        "sex",
        "residence",
        "kind",
        "note",
        "out",
    ],
)


class RegistryCounts(Wire):
    """What there is in a grid, or below a center."""

    buildings: int
    houses: int
    units: int
    households: int
    persons: int
    registered: int
    floating: int
    abroad: int


class RegistryPlaceCount(RegistryCounts):
    """The same with where it is."""

    code: str
    """Of a center, or of a grid."""
    name: str
    is_grid: bool
    below: bool
    """Whether there are centers or grids below it."""


class RegistryCounted(Wire):
    """A center, and those right below it (of a village: its grids), with what there is in each."""

    here: RegistryPlaceCount
    rows: list[RegistryPlaceCount]
    at: str


class PersonSeen(Wire):
    """A person as the reader sees it."""

    person: str
    name: str
    number: str
    number_kind: NumberKind
    phone: str
    birth: str
    """Masked: the year alone."""
    sex: Sex
    relation: Relation
    residence: Residence
    note: str
    """Masked: empty."""
    left_at: str | None


class HouseholdSeen(Wire):
    """A household as the reader sees it."""

    household: str
    grid: str
    grid_name: str
    center: str
    center_name: str
    building: str
    house: str
    place: list[str]
    walk: int
    kind: HouseholdKind
    note: str
    persons: list[PersonSeen]
    state: HouseholdState
    seq: int
    masked: bool
    late: list[int]
    """Entries of changes that have to be settled."""
    can: list[str]
    """What the reader may do about it: `see`, `unmask`, `keep`, `settle`."""


class HouseholdPage(Wire):
    """Households in the order of the walk."""

    households: list[HouseholdSeen]
    next: str | None
    seq: int


class PersonFound(Wire):
    """Somebody who was looked for, or may be the one who is about to be registered."""

    household: HouseholdSeen
    person: str
    score: float
    why: list[Literal["number", "phone", "name", "birth", "building", "place"]]


class RegistryFound(Wire):
    """What was found, the likeliest first."""

    found: list[PersonFound]
    more: bool
    """Whether there is more than is told."""


class HouseholdVersion(Wire):
    """One thing that became of a household, the newest first."""

    seq: int
    at: str
    account: str
    name: str
    what: str
    late: bool
    settled: bool
    was: HouseholdSeen | None
    """How it stood before; null where it was registered then."""


class HouseholdHistory(Wire):
    """What became of a household."""

    household: str
    versions: list[HouseholdVersion]


class HouseholdLooked(Wire):
    """A household unmasked; that it was looked at stands in the journal."""

    household: HouseholdSeen
    versions: list[HouseholdVersion]


class UnsettledChange(Wire):
    """A change that was made without knowing of another one: how the household is now, and how it was before."""

    household: HouseholdSeen
    version: HouseholdVersion


class UnsettledChanges(Wire):
    """The oldest first."""

    changes: list[UnsettledChange]


class BuildingHere(Building):
    """A building as it stands in the registry."""


class HouseHere(House):
    """A house as it stands in the registry."""


class BuildingSeen(Building):
    """A building with how much is in it."""

    grid_name: str
    houses: int
    households: int
    persons: int
    can: list[str]


class RegistryBuildings(Wire):
    """In the order of the walk."""

    buildings: list[BuildingSeen]
    units: list[UnitSeen]
    seq: int


class UnitSeen(Unit):
    """A unit as the reader sees it."""

    masked: bool
    can: list[str]


class HouseSeen(House):
    """A house with who lives there."""

    households: list[HouseholdSeen]


class RegistryBuilding(Wire):
    """A building, house by house."""

    building: BuildingSeen
    houses: list[HouseSeen]
    seq: int


class RegistryColumn(Wire):
    """A column of a file: what it may be, and how it begins, covered where it may be personal."""

    name: str
    guess: RegistryColumnRole
    samples: list[str]


class RegistryWrongRow(Wire):
    """A row that cannot be used; `value` is empty where it would be personal."""

    row: int
    column: str
    why: str
    value: str


class RegistryListDraft(Wire):
    """A file for the registry, and how far it has come."""

    draft: str
    encoding: str
    rows: int
    columns: list[RegistryColumn]
    wrong: list[RegistryWrongRow]
    wrong_rows: int
    state: Literal["looked", "loading", "loaded", "failed"]
    done: int
    of: int
    batch: str | None
    """The import, once it is loaded."""
    why: str | None


class RegistryGridPlace(Wire):
    """A grid that a text may mean."""

    grid: str
    name: str
    path: list[str]


class RegistryUnsure(Wire):
    """A text that means no grid, or several."""

    text: str
    rows: int
    first: list[int]
    why: Literal["several", "unknown", "none"]
    grids: list[RegistryGridPlace]


class RegistryBrought(Wire):
    """A row of the file as what it would become."""

    row: int
    grid: str
    building: str
    name: str
    """Masked; empty for a house in which nobody lives."""
    relation: Relation | None
    residence: Residence | None
    path: list[str]


class RegistryMatch(Wire):
    """What would come of a file; nothing was written."""

    rows: int
    persons: int
    households: int
    grids: list[RegistryGridCount]
    known: int
    """Persons whose number is registered already: their households are left out."""
    known_first: list[int]
    left_out: int
    unsure: list[RegistryUnsure]
    unsure_texts: int
    unsure_rows: int
    wrong: list[RegistryWrongRow]
    wrong_rows: int
    first: list[RegistryBrought]


class RegistryGridCount(RegistryGridPlace):
    """How many rows of a file a grid gets."""

    rows: int


class RegistryImport(Wire):
    """A list that was brought, and until when it can be taken back."""

    batch: str
    center: str
    account: str
    name: str
    at: str
    until: str
    households: int
    persons: int
    buildings: int
    left_out: int


class RegistryImports(Wire):
    """The newest first."""

    imports: list[RegistryImport]


class RegistryImportGone(Wire):
    """How much went with it."""

    households: int


class RegistryLoading(Wire):
    """It is being loaded: its draft says how far it has come."""

    draft: str
