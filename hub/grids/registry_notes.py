"""What the journal tells of the registry: who did what to which household, in ids, counts and a salted commitment; no person.

| command | refused with |
|---|---|
| `household.note_registered`, `note_changed`, `note_moved`, `note_left` (the hub only) | – |
| `household.note_merged`, `note_unmerged`, `note_settled` (the hub only) | – |
| `registry.note_placed`, `note_imported`, `note_undone`, `note_looked`, `note_exported`, `note_deleted` (the hub only) | – |

The registry itself stands outside of the journal. The edge checks rights, has the journal told, and then writes the rows
(signaling/registry_desk.py). Between the entry and the row a hub that dies leaves an entry without its row: who asked was
not answered, asks again, and it is told and done once more.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.entry import HOUSE, Command, Draft
from hub.fields import CenterCode, Moment, ObjectId, ParticipantId, Text
from hub.grids.registry import GridCode
from hub.ruling import CommandData, CommandRule, Context, Decide, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Households of which one entry tells that somebody looked at them, or that they are deleted.
MAX_TOLD: Final = 500
#: Grids that an import can fill.
MAX_GRIDS: Final = 1_000

Placed = TypeAliasType("Placed", Literal["building", "house", "unit"])
PlacedHow = TypeAliasType("PlacedHow", Literal["added", "changed", "removed"])
LookedAtWhat = TypeAliasType("LookedAtWhat", Literal["household", "unit", "version"])
#: What may be other of a household, as its entry names it.
FIELDS: Final = (
    "kind",
    "note",
    "house",
    "persons",
    "names",
    "numbers",
    "phones",
    "births",
    "relations",
    "residences",
)

_DIGEST: Final = r"^[0-9a-f]{64}$"


class Who(CommandData):
    """Base of what is noted: who did it."""

    account: ParticipantId
    """Who did it."""
    account_name: Text = Field(max_length=200)
    """What others read of who did it."""


class HouseholdNote(Who):
    """Base of what is noted of a household."""

    household: ObjectId
    """Which household."""
    grid: GridCode
    """Its grid, as it is afterwards."""
    persons: int = Field(ge=0)
    """How many live there afterwards."""
    commitment: str = Field(pattern=_DIGEST)
    """A salted digest of what is personal of it."""
    base: int | None = Field(default=None, ge=0)
    """The entry that who did it knew last of this household."""
    late: bool = False
    """Whether another entry changed it since then."""
    occurred_at: Moment | None = None
    """When it happened, as who did it says; None: when it was told."""
    offline: bool = False
    """Whether it waited on a device without a line."""


class NoteRegistered(HouseholdNote):
    """Note that a household was registered."""


class NoteChanged(HouseholdNote):
    """Note that what the registry says of a household was changed."""

    fields: list[str] = Field(max_length=len(FIELDS))
    """What of it."""


class NoteMoved(HouseholdNote):
    """Note that a household, or some of its persons, moved."""

    came_from: GridCode
    """The grid that it was in."""
    to: ObjectId | None = None
    """The household that persons moved into; None: it moved as a whole."""
    moved: list[ObjectId] = Field(max_length=200)
    """Persons that moved; none: all of them."""
    to_commitment: str | None = Field(default=None, pattern=_DIGEST)
    """The same digest of the household that they moved into."""


class NoteMerged(HouseholdNote):
    """Note that a household was found to be the same as another one, which is no more."""

    other: ObjectId
    """The one that is no more."""


class NoteUnmerged(HouseholdNote):
    """Note that a merge was taken back."""

    other: ObjectId
    """The one that is there again."""
    other_commitment: str = Field(pattern=_DIGEST)
    """The same digest of that one."""


class NoteLeft(HouseholdNote):
    """Note that a household, or some of its persons, live there no more."""

    gone: list[ObjectId] = Field(max_length=200)
    """Persons that left; none: all of them."""


class NoteSettled(HouseholdNote):
    """Note that two changes of a household that did not know of each other were settled."""

    of: int = Field(ge=1)
    """The entry of the later of them."""
    kept: Literal["later", "earlier", "both"]
    """Which of them holds; `both`: what holds was put together."""


class NotePlaced(Who):
    """Note that a building, a house or a unit was added, changed or removed."""

    what: Placed
    """Which of them."""
    how: PlacedHow
    """What was done."""
    id: ObjectId
    """Its id."""
    grid: GridCode
    """Its grid."""


class BatchNote(Who):
    """Base of what is noted of a list that was brought."""

    batch: ObjectId
    """Which list."""
    center: CenterCode
    """Below which center."""
    grids: list[GridCode] = Field(max_length=MAX_GRIDS)
    """The grids that got some of it."""
    households: int = Field(ge=0)
    """How many households."""


class NoteImported(BatchNote):
    """Note that a list was put into the registry."""

    persons: int = Field(ge=0)
    """How many persons."""
    buildings: int = Field(ge=0)
    """How many new buildings."""
    left_out: int = Field(ge=0)
    """How many rows of the file were left out."""
    commitment: str = Field(pattern=_DIGEST)
    """A salted digest over all of them."""


class NoteUndone(BatchNote):
    """Note that a list was taken back as a whole."""


class NoteLooked(Who):
    """Note that somebody saw something personal unmasked, by whose grid it is not."""

    what: LookedAtWhat = "household"
    """What was looked at."""
    grid: GridCode
    """Its grid."""
    ids: list[ObjectId] = Field(min_length=1, max_length=MAX_TOLD)
    """Which of them."""


class NoteExported(Who):
    """Note that the registry was taken away as a file."""

    center: CenterCode
    """Of which center."""
    grids: list[GridCode] = Field(max_length=MAX_GRIDS)
    """Of which grids; none: of all in it."""
    households: int = Field(ge=0)
    """How many households."""
    persons: int = Field(ge=0)
    """How many persons."""
    masked: bool
    """Whether what is personal was covered."""
    view: ObjectId | None = None
    """Of a view: which; None for one that is not kept, and for the registry itself."""
    rows: int | None = Field(default=None, ge=0)
    """Of a view: how many rows stand in the file."""


class NoteDeleted(CommandData):
    """Note that what is known of persons who left was deleted, since its time is over."""

    households: list[ObjectId] = Field(max_length=MAX_TOLD)
    """Households of which nothing is kept."""
    persons: list[ObjectId] = Field(max_length=MAX_TOLD)
    """Persons of whom nothing is kept, of households that are there still."""
    versions: int = Field(ge=0)
    """How many older states of households went with them."""
    days: int = Field(ge=0)
    """How many days what is known of them was kept."""


class WhoDid(Wire):
    """Base of entries of the registry."""

    account: str
    account_name: str


class HouseholdEntry(WhoDid):
    """Base of entries about a household."""

    household: str
    grid: str
    persons: int
    commitment: str
    base: int | None = None
    late: bool = False
    occurred_at: str | None = None
    offline: bool = False


class HouseholdRegistered(HouseholdEntry):
    """A household was registered."""


class HouseholdChanged(HouseholdEntry):
    """What the registry says of a household was changed; `fields` names what, nothing of it stands here."""

    fields: list[str]


class HouseholdMoved(HouseholdEntry):
    """A household, or the persons named, moved."""

    came_from: str
    to: str | None = None
    moved: list[str]
    to_commitment: str | None = None


class HouseholdMerged(HouseholdEntry):
    """A household was found to be the same as another one, which is no more."""

    other: str


class HouseholdUnmerged(HouseholdEntry):
    """A merge was taken back."""

    other: str
    other_commitment: str


class HouseholdLeft(HouseholdEntry):
    """A household, or the persons named, live there no more."""

    gone: list[str]


class HouseholdSettled(HouseholdEntry):
    """Two changes of a household that did not know of each other were settled."""

    of: int
    kept: Literal["later", "earlier", "both"]


class RegistryPlaced(WhoDid):
    """A building, a house or a unit was added, changed or removed."""

    what: Placed
    how: PlacedHow
    id: str
    grid: str


class BatchEntry(WhoDid):
    """Base of entries about a list that was brought."""

    batch: str
    center: str
    grids: list[str]
    households: int


class RegistryImported(BatchEntry):
    """A list was put into the registry: one entry, however long it is."""

    persons: int
    buildings: int
    left_out: int
    commitment: str


class RegistryImportUndone(BatchEntry):
    """A list was taken back: all that it brought is gone."""


class RegistryLooked(WhoDid):
    """Somebody saw something personal unmasked, by whose grid it is not."""

    what: LookedAtWhat = "household"
    grid: str
    ids: list[str]


class RegistryExported(WhoDid):
    """The registry, or some of it, was taken away as a file."""

    center: str
    grids: list[str]
    households: int
    persons: int
    masked: bool
    view: str | None = None
    rows: int | None = None


class RegistryDeleted(Wire):
    """What was known of persons who left was deleted: rows and salts are gone, and nothing can be told from older entries."""

    households: list[str]
    persons: list[str]
    versions: int
    days: int


def _noted(kind: str, schema: type[CommandData]) -> Decide:
    def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
        return [Draft(kind, None, schema.model_validate(command.data).model_dump(mode="json"), (HOUSE,))]

    return decide


_KINDS: Final[tuple[tuple[str, type[CommandData], str, type[Wire]], ...]] = (
    ("household.note_registered", NoteRegistered, "household.registered", HouseholdRegistered),
    ("household.note_changed", NoteChanged, "household.changed", HouseholdChanged),
    ("household.note_moved", NoteMoved, "household.moved", HouseholdMoved),
    ("household.note_merged", NoteMerged, "household.merged", HouseholdMerged),
    ("household.note_unmerged", NoteUnmerged, "household.unmerged", HouseholdUnmerged),
    ("household.note_left", NoteLeft, "household.left", HouseholdLeft),
    ("household.note_settled", NoteSettled, "household.settled", HouseholdSettled),
    ("registry.note_placed", NotePlaced, "registry.placed", RegistryPlaced),
    ("registry.note_imported", NoteImported, "registry.imported", RegistryImported),
    ("registry.note_undone", NoteUndone, "registry.import_undone", RegistryImportUndone),
    ("registry.note_looked", NoteLooked, "registry.looked", RegistryLooked),
    ("registry.note_exported", NoteExported, "registry.exported", RegistryExported),
    ("registry.note_deleted", NoteDeleted, "registry.deleted", RegistryDeleted),
)

RULES = RuleFile(
    "registry",
    commands=tuple(
        CommandRule(command, schema, _noted(kind, schema), meeting="never", system=True)
        for command, schema, kind, _ in _KINDS
    ),
    entries=tuple(EntryRule(kind, entry, reads="registry.read", house=True) for _, _, kind, entry in _KINDS),
)
