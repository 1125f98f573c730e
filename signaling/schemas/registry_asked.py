"""Bodies of what is asked of the registry. What is personal stands in bodies alone, never in an address."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.grids.registry import (
    MAX_LABEL,
    MAX_NAME,
    MAX_NOTE,
    MAX_NUMBER,
    MAX_PERSONS,
    MAX_PHONE,
    MAX_PLACE,
    MAX_WALK,
    BuildingKind,
    GridCode,
    HouseholdKind,
    HouseUse,
    Relation,
    Residence,
    Sex,
    UnitKind,
)
from hub.ruling import CommandData
from hub.sheets.limits import MAX_COLUMNS
from signaling.schemas.registry_values import RegistryColumnRole

#: Longest forms that people write, with blanks and strokes between.
_WRITTEN = 20
#: Texts of a list whose grid a person says.
MAX_MENDS = 500

Name = Annotated[Text, Field(min_length=1, max_length=MAX_NAME + _WRITTEN)]
Number = Annotated[Text, Field(max_length=MAX_NUMBER + _WRITTEN)]
Phone = Annotated[Text, Field(max_length=MAX_PHONE + _WRITTEN)]
Birth = Annotated[Text, Field(max_length=_WRITTEN)]
Note = Annotated[Text, Field(max_length=MAX_NOTE)]
Walk = Annotated[int, Field(ge=0, le=MAX_WALK)]
Place = Annotated[Text, Field(max_length=MAX_PLACE)]
Label = Annotated[Text, Field(max_length=MAX_LABEL)]
CommandId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]


class Covered(CommandData):
    """Base of bodies that hold what is personal: printed, they tell nothing."""

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return []


class PersonNew(Covered):
    """A person to be registered."""

    name: Name
    number: Number = ""
    """Of its identity card or other paper; an identity card's must be right."""
    phone: Phone = ""
    birth: Birth = ""
    """A birthday, or its year alone; of an identity card's number it is told."""
    sex: Sex = ""
    relation: Relation = "other"
    residence: Residence = "registered"
    note: Note = ""


class PersonChange(Covered):
    """What is changed of a person: what is null stays."""

    person: ObjectId
    """Which person of the household."""
    name: Name | None = None
    number: Number | None = None
    phone: Phone | None = None
    birth: Birth | None = None
    sex: Sex | None = None
    relation: Relation | None = None
    residence: Residence | None = None
    note: Note | None = None


class RegistryWrite(Covered):
    """Base of what is written: sent again with the same id, it is answered as the first time."""

    id: CommandId
    """Made by the client."""
    occurred_at: Moment | None = None
    """When it happened, where it is told later: at most 7 days ago."""
    offline: bool = False
    """Whether it waited on a device without a line."""


class NewPlace(Covered):
    """Where a household lives: a house that is there, or a new one."""

    house: ObjectId | None = None
    """A house of the registry; then nothing else is said."""
    building: ObjectId | None = None
    """A building of the registry, for a new house in it."""
    building_name: Annotated[Text, Field(max_length=MAX_NAME)] = ""
    """The name of a new building."""
    label: Label = ""
    """What the new house is called: 2单元501."""


class HouseholdNew(RegistryWrite):
    """A household to be registered."""

    grid: GridCode
    place: NewPlace
    kind: HouseholdKind = "family"
    note: Note = ""
    persons: list[PersonNew] = Field(default_factory=list, max_length=MAX_PERSONS)
    though: bool = False
    """Whether it is registered though somebody with the same number is registered already."""


class HouseholdChange(RegistryWrite):
    """What is changed of a household: what is null stays."""

    base: int = Field(ge=0)
    """Its `seq` that who changes it knew last. When another entry changed it since, both are kept and it is flagged."""
    kind: HouseholdKind | None = None
    note: Note | None = None
    persons: list[PersonChange] = Field(default_factory=list, max_length=MAX_PERSONS)
    """Persons that are changed."""
    new: list[PersonNew] = Field(default_factory=list, max_length=MAX_PERSONS)
    """Persons that came."""
    though: bool = False


class HouseholdMove(RegistryWrite):
    """A household, or some of its persons, move within the registry."""

    base: int = Field(ge=0)
    grid: GridCode | None = None
    """Where it moves as a whole."""
    place: NewPlace | None = None
    to: ObjectId | None = None
    """The household that `persons` move into."""
    persons: list[ObjectId] = Field(default_factory=list, max_length=MAX_PERSONS)


class HouseholdLeave(RegistryWrite):
    """A household, or some of its persons, live there no more."""

    base: int = Field(ge=0)
    persons: list[ObjectId] = Field(default_factory=list, max_length=MAX_PERSONS)
    """Who left; none: all of it."""


class SamePersons(CommandData):
    """Two entries of one person."""

    person: ObjectId
    """The one of the household that stays."""
    other: ObjectId
    """The one of the other household."""
    take: list[Literal["name", "number", "phone", "birth", "sex", "relation", "residence", "note"]] = Field(
        default_factory=list, max_length=8
    )
    """What is taken of the other one; what is empty here is taken of it anyway."""


class HouseholdMerge(RegistryWrite):
    """Another household is the same as this one: it is no more, its persons are here."""

    base: int = Field(ge=0)
    other: ObjectId
    same: list[SamePersons] = Field(default_factory=list, max_length=MAX_PERSONS)


class HouseholdBack(RegistryWrite):
    """A merge is taken back, or a household that left lives there again."""

    base: int = Field(ge=0)


class HouseholdSettle(RegistryWrite):
    """Two changes that did not know of each other are settled."""

    of: int = Field(ge=1)
    """The entry of the later one."""
    keep: Literal["later", "earlier"]
    """`later`: as it is now; `earlier`: as it was before the later one."""


class HouseholdLook(CommandData):
    """Somebody wants to see a household unmasked, which is told in the journal."""

    history: bool = False
    """With what became of it."""


class BuildingNew(CommandData):
    """A building to be put into the registry."""

    grid: GridCode
    name: Annotated[Text, Field(min_length=1, max_length=MAX_NAME)]
    place: Place = ""
    kind: BuildingKind = "block"
    walk: Walk = 0


class BuildingChange(CommandData):
    """What is changed of a building: what is null stays."""

    name: Annotated[Text, Field(min_length=1, max_length=MAX_NAME)] | None = None
    place: Place | None = None
    kind: BuildingKind | None = None
    walk: Walk | None = None


class HouseNew(Covered):
    """A house to be put into a building."""

    building: ObjectId
    label: Annotated[Text, Field(min_length=1, max_length=MAX_LABEL)]
    use: HouseUse = "lived"
    walk: Walk = 0


class HouseChange(Covered):
    """What is changed of a house: what is null stays."""

    label: Annotated[Text, Field(min_length=1, max_length=MAX_LABEL)] | None = None
    use: HouseUse | None = None
    walk: Walk | None = None


class UnitNew(Covered):
    """A unit (单位) to be put into the registry."""

    grid: GridCode
    building: ObjectId | None = None
    name: Annotated[Text, Field(min_length=1, max_length=MAX_NAME)]
    kind: UnitKind = "other"
    contact: Annotated[Text, Field(max_length=MAX_NAME)] = ""
    phone: Phone = ""
    workers: int = Field(default=0, ge=0, le=1_000_000)
    note: Note = ""


class UnitChange(Covered):
    """What is changed of a unit: what is null stays."""

    name: Annotated[Text, Field(min_length=1, max_length=MAX_NAME)] | None = None
    kind: UnitKind | None = None
    contact: Annotated[Text, Field(max_length=MAX_NAME)] | None = None
    phone: Phone | None = None
    workers: int | None = Field(default=None, ge=0, le=1_000_000)
    note: Note | None = None


class RegistrySearch(Covered):
    """Who or what is looked for: a number or a telephone in all that one sees, everything else within one village."""

    center: CenterCode | None = None
    """A village; None: one's own."""
    text: Annotated[Text, Field(max_length=MAX_NAME)] = ""
    """Words: a name or its pinyin, a place, a whole number or telephone."""
    name: Annotated[Text, Field(max_length=MAX_NAME + _WRITTEN)] = ""
    """Who is about to be registered: those who may be the same are told, with why."""
    number: Number = ""
    phone: Phone = ""
    birth: Birth = ""
    building: ObjectId | None = None
    limit: int = Field(default=20, ge=1, le=100)


class RegistryExport(CommandData):
    """What is taken away as a file."""

    center: CenterCode | None = None
    grids: list[GridCode] = Field(default_factory=list, max_length=100)
    format: Literal["csv", "xlsx"] = "xlsx"
    full: bool = False
    """Unmasked: for whom the right lets see, and told in the journal."""


class RegistryMend(CommandData):
    """What a text of a list means."""

    text: Annotated[Text, Field(max_length=300)]
    grid: GridCode | None = None
    """Its grid; None: its rows are left out."""


class RegistryListAsked(CommandData):
    """What the columns of a list are, and what was decided of it."""

    columns: list[RegistryColumnRole] = Field(max_length=MAX_COLUMNS)
    mends: list[RegistryMend] = Field(default_factory=list, max_length=MAX_MENDS)
    grid: GridCode | None = None
    """Whose all rows are that say nothing of it."""


class RegistryLoadAsked(RegistryListAsked):
    """As it is looked at; then it is loaded."""

    leave_out: bool = False
    """Whether rows of which the grid is not sure are left out; else nothing is loaded."""
