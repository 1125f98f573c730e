"""What commands and entries about errands (代办、跑腿) hold: the kind, the household, how it stands; never what was said."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.fields import Moment, ObjectId, ParticipantId, Text
from hub.grids.sweep_shapes import GridNumber
from hub.grids.visit_shapes import Commitment, HouseholdId
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: 送菜送粮, 买药, 就医, 证件手续, 水电维修, 接送, 其他.
ErrandKind = TypeAliasType(
    "ErrandKind", Literal["food", "medicine", "clinic", "papers", "repair", "ride", "other"]
)
#: Nobody has it yet, somebody does, it is the village's turn, it is done, it came to nothing.
ErrandState = TypeAliasType("ErrandState", Literal["asked", "taken", "handed", "done", "dropped"])
#: How the household said what it thinks of it: at the door, or on the telephone.
ErrandHeard = TypeAliasType("ErrandHeard", Literal["door", "telephone"])
ErrandId = Annotated[ObjectId, StringConstraints(pattern=r"^er_")]
#: So long after it was done it may be rated, in days.
RATED_WITHIN: Final = 7


class ErrandAsk(CommandData):
    """Write down what a household asks for. What exactly stands sealed elsewhere."""

    errand: ErrandId | None = None
    """Its id, made by a phone that may have to name it before the hub has answered; null: the hub makes one."""
    household: HouseholdId
    """Who asks."""
    kind: ErrandKind
    """What kind of errand."""
    due: Moment | None = None
    """By when; null for soon."""
    urgent: bool = False
    """Whether it comes before the others."""
    grid: GridNumber | None = None
    """Its grid; the hub fills this in itself, whatever stands here."""
    commitment: Commitment | None = None
    """What commits to what was asked for; the hub fills this in itself, whatever stands here."""


class ErrandNamed(CommandData):
    """An errand."""

    errand: ErrandId
    """Which."""


class ErrandTake(ErrandNamed):
    """Take an errand: it is one's own from now on."""


class ErrandHand(ErrandNamed):
    """Hand an errand on to another who walks the grid, or to the village."""

    to: ParticipantId | None
    """Account of who does it from now on; null: it is the village's turn, and says why."""
    reason: Text = Field(default="", max_length=200)
    """Why; nobody's name."""


class ErrandFinish(ErrandNamed):
    """Say that an errand is done."""

    photos: list[NamedObject] = attached()
    """The receipt, or what was brought; uploaded before."""
    cents: int | None = Field(default=None, ge=0, le=10_000_000)
    """What it cost, in 1/100 yuan; null for nothing."""
    occurred_at: Moment | None = None
    """When it was done, by the phone's clock; null for now. At most seven days ago."""
    commitment: Commitment | None = None
    """What commits to the words about it; the hub fills this in itself, whatever stands here."""


class ErrandDrop(ErrandNamed):
    """Say that an errand comes to nothing."""

    reason: Text = Field(min_length=1, max_length=200)
    """Why; nobody's name."""


class ErrandRate(ErrandNamed):
    """Write down how content the household is. Errands are rated, not people."""

    stars: int = Field(ge=1, le=5)
    """1 to 5."""
    heard: ErrandHeard = "door"
    """How the household said so."""


class ErrandAsked(Wire):
    """A household asks for something."""

    errand: str
    household: str
    center: str
    """The village."""
    grid: str
    kind: ErrandKind
    due: str | None
    urgent: bool = False
    commitment: str | None
    by: Author


class ErrandTaken(Wire):
    """Somebody does it from now on."""

    errand: str
    center: str
    taker: str
    """His account."""
    handed_by: str | None
    """Who had it before and handed it on."""
    reason: str
    by: Author


class ErrandHanded(Wire):
    """Nobody who walks the grid does it: it is the village's turn."""

    errand: str
    center: str
    handed_by: str
    """Account of who had it, or handed it on."""
    reason: str
    by: Author


class ErrandFinished(Wire):
    """It is done."""

    errand: str
    center: str
    photos: list[NamedObject] = attached()
    cents: int | None
    late: bool
    occurred_at: str | None = None
    """When it was done; null where that is the entry's own moment."""
    commitment: str | None = None
    by: Author


class ErrandDropped(Wire):
    """It comes to nothing."""

    errand: str
    center: str
    reason: str
    by: Author


class ErrandRated(Wire):
    """How content the household is."""

    errand: str
    center: str
    stars: int
    heard: ErrandHeard = "door"
    by: Author


class ErrandClosed(Wire):
    """Nothing more is said of it."""

    errand: str
    center: str


class ErrandsMoved(Wire):
    """Grids were split or joined, or a household moved: these errands are another grid's from now on."""

    center: str
    """The village that they are in from now on."""
    grids: dict[str, str]
    """Errand -> its grid."""
