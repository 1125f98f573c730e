"""The registry (四实) as values: buildings, houses, units, households, persons.

A building stands in a grid; a house is a flat or a house of it; a household lives in a house; persons make it up. What is
personal (names, numbers, telephones, what was said) leaves the hub masked, unless a right says otherwise (`registry_rights`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.fields import Moment, Text
from hub.shapes import Wire

Residence = TypeAliasType("Residence", Literal["registered", "floating", "abroad"])
Relation = TypeAliasType(
    "Relation",
    Literal["head", "spouse", "child", "parent", "grandchild", "grandparent", "sibling", "lodger", "other"],
)
Sex = TypeAliasType("Sex", Literal["m", "f", ""])
NumberKind = TypeAliasType("NumberKind", Literal["id", "other", ""])
HouseholdKind = TypeAliasType("HouseholdKind", Literal["family", "single", "rental", "collective"])
HouseholdState = TypeAliasType("HouseholdState", Literal["here", "left", "merged"])
BuildingKind = TypeAliasType("BuildingKind", Literal["block", "yard", "commercial", "public", "other"])
HouseUse = TypeAliasType("HouseUse", Literal["lived", "let", "empty", "business"])
UnitKind = TypeAliasType(
    "UnitKind", Literal["shop", "company", "school", "clinic", "office", "site", "other"]
)
RESIDENCES: Final[tuple[Residence, ...]] = get_args(Residence.__value__)
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation.__value__)
HOUSEHOLD_KINDS: Final[tuple[HouseholdKind, ...]] = get_args(HouseholdKind.__value__)
BUILDING_KINDS: Final[tuple[BuildingKind, ...]] = get_args(BuildingKind.__value__)

#: Longest texts, and most persons of a household.
MAX_NAME: Final = 50
MAX_PLACE: Final = 100
MAX_LABEL: Final = 40
MAX_NOTE: Final = 300
MAX_NUMBER: Final = 32
MAX_PHONE: Final = 20
MAX_PERSONS: Final = 200
#: Places of a building in its grid, and of a house in its building.
MAX_WALK: Final = 9_999

GridCode = Annotated[str, Field(pattern=r"^[0-9]{15}$")]
#: A birthday, or its year alone.
Birth = Annotated[str, Field(pattern=r"^$|^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$")]


class Person(Wire):
    """A person of a household, unmasked: inside the hub, and for whom the right lets see."""

    person: str
    """Its id, `pe_…`."""
    name: str = Field(repr=False)
    number: str = Field(default="", repr=False)
    """Of its identity card or other paper, in normal form; may be empty."""
    number_kind: NumberKind = ""
    """`id`: an identity card's, checked; `other`: another paper's."""
    phone: str = Field(default="", repr=False)
    birth: Birth = Field(default="", repr=False)
    sex: Sex = ""
    relation: Relation = "other"
    """To the head of the household."""
    residence: Residence = "registered"
    note: str = Field(default="", repr=False)
    left_at: str = ""
    """Since when the person lives there no more; empty while it does."""


class Household(Wire):
    """A household, unmasked."""

    household: str
    """Its id, `hh_…`."""
    grid: str
    building: str
    house: str
    walk: int
    """Its place in the order in which the grid is walked."""
    kind: HouseholdKind = "family"
    note: str = Field(default="", repr=False)
    persons: list[Person] = Field(default_factory=list, repr=False)
    state: HouseholdState = "here"
    seq: int = 0
    """The entry that last changed it."""

    @property
    def living(self) -> list[Person]:
        """Those who live there."""
        return [each for each in self.persons if not each.left_at]


class Building(Wire):
    """A building, or a yard of houses that are walked together."""

    building: str
    """Its id, `bd_…`."""
    grid: str
    name: str
    """What it is called: 3栋, 张家组."""
    place: str = ""
    """Its address, in words."""
    kind: BuildingKind = "block"
    walk: int = 0
    """Its place in the grid."""
    seq: int = 0


class House(Wire):
    """A flat, or a house."""

    house: str
    """Its id, `ho_…`."""
    building: str
    label: str = ""
    """2单元501; a label that may name somebody is kept sealed."""
    use: HouseUse = "lived"
    walk: int = 0
    """Its place in the building."""
    seq: int = 0


class Unit(Wire):
    """A unit (单位): a shop, a school, a site."""

    unit: str
    """Its id, `ut_…`."""
    grid: str
    building: str = ""
    name: str
    kind: UnitKind = "other"
    contact: str = Field(default="", repr=False)
    phone: str = Field(default="", repr=False)
    workers: int = 0
    note: str = Field(default="", repr=False)
    seq: int = 0


class LastAnswer(Wire):
    """The last answer to a field of a form."""

    value: str | int | float | bool = Field(repr=False)
    at: Moment
    """When it was given."""


class CardPerson(Wire):
    """A person as its card shows it."""

    person: str
    name: str = Field(repr=False)
    relation: Relation
    birth_year: int | None = None
    sex: Sex = ""
    residence: Residence
    phone: str = Field(default="", repr=False)


class HouseholdCard(Wire):
    """A household as who walks the grid sees it: where it is, who lives there, what is known and how fresh."""

    household: str
    grid: str
    building: str
    place: list[str]
    """Where it is, in words, in the order in which one comes there: building, house."""
    walk: int
    kind: HouseholdKind
    persons: list[CardPerson]
    note: Text = Field(default="", repr=False)
    seq: int
    last: dict[str, LastAnswer] = Field(default_factory=dict, repr=False)
    """Field of a form -> its last answer."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is in a grid, or below a center."""

    buildings: int = 0
    houses: int = 0
    units: int = 0
    households: int = 0
    persons: int = 0
    registered: int = 0
    floating: int = 0
    abroad: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in COUNTED))


COUNTED: Final = tuple(Counts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Version:
    """How a household stood before an entry changed it: kept for its history, and where two changed it at once."""

    household: str
    grid: str
    seq: int
    """The entry that changed it."""
    at: str
    account: str
    name: str
    """Of the account."""
    what: str
    """What was done: `registered`, `changed`, `moved`, `merged`, `left` …"""
    late: bool
    """Whether it was made without knowing what stood there then."""
    settled: bool
    was: Household | None = field(repr=False)
    """None where it was registered then."""


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """A household as an entry told that it is now, and what is kept of before."""

    household: Household = field(repr=False)
    sealed: str = field(repr=False)
    """What is personal of it, as `RegistryKey.seal` gave it with the commitment that stands in the entry."""
    what: str
    """What was done, see `Version.what`."""
    was: Household | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Forgettable:
    """What is to be deleted, since its time is over."""

    households: list[str]
    """Households of which nothing is kept: all left, or were merged into others."""
    persons: dict[str, list[str]]
    """Household that is there still -> persons of it who left."""
    versions: int
    """Older states of other households."""

    @property
    def is_some(self) -> bool:
        """Whether there is anything."""
        return bool(self.households or self.persons or self.versions)


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """Who changed something, and when."""

    account: str
    name: str
    at: datetime
    command: str
    """The client's id of what it asked for, with the account before it."""


def card_of(household: Household, place: list[str], last: dict[str, Any] | None = None) -> HouseholdCard:
    """The card of a household."""
    return HouseholdCard(
        household=household.household,
        grid=household.grid,
        building=household.building,
        place=place,
        walk=household.walk,
        kind=household.kind,
        persons=[
            CardPerson(
                person=each.person,
                name=each.name,
                relation=each.relation,
                birth_year=int(each.birth[:4]) if each.birth else None,
                sex=each.sex,
                residence=each.residence,
                phone=each.phone,
            )
            for each in household.living
        ],
        note=household.note,
        seq=household.seq,
        last={name: LastAnswer(**each) for name, each in (last or {}).items()},
    )


def counted(household: Household) -> dict[str, int]:
    """How many persons live in a household, by residence."""
    found = dict.fromkeys(("persons", *RESIDENCES), 0)
    if household.state == "here":
        for each in household.living:
            found["persons"] += 1
            found[each.residence] += 1
    return found
