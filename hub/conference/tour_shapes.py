"""What a tour looks like: its state, its list, its commands and entries."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.called import Reach, centers_field, reaches_field
from hub.conference.stage_shapes import Layout, LayoutReach
from hub.fields import CenterCode, ObjectId, ParticipantId
from hub.parts import Audience, Keyed, Row
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: The key of the tour that all see; an own one stands by its viewer's account.
ALL: Final = "all"

#: Who sees it: its viewer alone, all on the stage, all in several pictures beside each other.
TourKind = TypeAliasType("TourKind", Literal["own", "broadcast", "mosaic"])
TourGrid = TypeAliasType("TourGrid", Literal["4", "9", "16", "25"])
#: `chair`: by key; `taken_over`: somebody put something there by hand; `voice`: who spoke took the stage; `locked`: it is held;
#: `meeting`: the meeting is paused, and the tour goes on with it.
TourRests = TypeAliasType("TourRests", Literal["chair", "taken_over", "voice", "locked", "meeting"])
#: How long (s) each may be shown.
SHORTEST: Final = 5
LONGEST: Final = 120
#: As many cameras as a meeting has at most, and as many phones.
MOST_BESIDE: Final = 16


class Tour(Row):
    """A tour that goes on."""

    tour: str
    kind: TourKind
    state: Literal["running", "paused"]
    rests: TourRests | None = None
    """Why it is paused."""
    by: Author
    """Who began it."""
    viewer: str | None
    """Of an own one: the account that sees it."""
    begun_at: str
    seconds: int
    """How long each is shown."""
    grid: TourGrid | None
    """Of a mosaic: how many beside each other."""
    to: LayoutReach
    place: int = 0
    """The place in the list, from 1 on, of the first one that is shown; 0 before the first step."""
    centers: list[str] = Field(default_factory=list)
    """Codes of the centers that are shown; of a camera or a phone its id."""
    shown: list[str] = Field(default_factory=list)
    """Ids of the participants that are shown for them."""
    since: str | None = None
    until: str | None = None
    """When the next step is; null while it is paused, and while there is nobody else to go on to."""
    left_ms: int | None = None
    """While it rests with the meeting: how long who is shown is still shown when it goes on; null for his whole time."""
    steps: int = 0
    seen: list[str] = Field(default_factory=list, exclude=True)
    """Codes of the centers that were shown at least once."""
    before: str | None = Field(default=None, exclude=True)
    """Who was broadcast before."""
    before_layout: Layout | None = Field(default=None, exclude=True)
    """How pictures stood before."""


class Tours(Keyed[Tour]):
    """The tours that go on: that of all by the word `all`, own ones by the account of their viewer."""

    audience: ClassVar[Audience] = "desk"


class TourList(Row):
    """Through whom a tour goes."""

    centers: list[str]
    """Codes in their order, ids where cameras or phones are meant."""
    passed: list[str] = Field(default_factory=list)
    """Those of them that were passed over the last time it came to them: nobody of them was in the meeting."""


class TourLists(Keyed[TourList]):
    """The lists of the tours that go on, by the same keys; told when one begins and when others are passed over."""

    audience: ClassVar[Audience] = "desk"


class Seen(Wire):
    """By whom somebody is seen in a tour."""

    kind: TourKind
    name: str
    """Who leads it."""


class TourFace(Row):
    """Who is shown in a tour now knows it."""

    by: dict[str, Seen]
    """By the keys of the tours that show him."""


class TourFaces(Keyed[TourFace]):
    """Who is shown in a tour now, by participant id; each is told of himself."""

    audience: ClassVar[Audience] = "own"
    own_rows: ClassVar[bool] = True


class TourStart(CommandData):
    """Show one center, or one camera or phone, after the other by itself, to oneself or to all."""

    kind: TourKind
    """`own`: to oneself; `broadcast`: to all on the stage; `mosaic`: to all, several at a time."""
    seconds: int = Field(default=10, ge=SHORTEST, le=LONGEST)
    """How long each is shown."""
    centers: list[CenterCode] = centers_field()
    """Codes of called centers; with no centers and no reaches all but the own one."""
    reaches: list[Reach] = reaches_field()
    """Many by a word: those of them that are called."""
    cameras: list[ObjectId] = Field(default_factory=list, max_length=MOST_BESIDE)
    """Cameras of the meeting, behind the centers, in this order; with cameras and neither centers nor reaches they alone."""
    phones: list[ParticipantId] = Field(default_factory=list, max_length=MOST_BESIDE)
    """Phones of grid members in the meeting, by account, behind the cameras; likewise."""
    order: Literal["tree", "listed"] = "tree"
    """`tree`: as they stand in the tree of centers; `listed`: as they are named."""
    present: bool = False
    """Whether only those are meant that are in the meeting now; else who comes later is shown, too."""
    grid: TourGrid | None = Field(default=None, validate_default=True)
    """Of a mosaic, and of nothing else: how many beside each other."""
    to: LayoutReach = "all"
    """Who sees a mosaic."""

    @field_validator("grid")
    @classmethod
    def _of_a_mosaic(cls, grid: str | None, info: ValidationInfo) -> str | None:
        if (grid is not None) != (info.data.get("kind") == "mosaic"):
            raise PydanticCustomError("grid", "a mosaic, and nothing else, has a grid")
        return grid


class TourOf(CommandData):
    """About one tour."""

    tour: ObjectId
    """Which."""


class TourGo(CommandData):
    """Go to one center of the list at once."""

    tour: ObjectId
    """Which."""
    center: CenterCode | ObjectId
    """Whose turn it is now; of a camera or a phone its id."""


class TourStay(CommandData):
    """Stay with who is shown for longer."""

    tour: ObjectId
    """Which."""
    seconds: int = Field(default=30, ge=5, le=600)
    """How long from now on."""


class TourPace(CommandData):
    """Show each for another time from now on, also who is shown now."""

    tour: ObjectId
    """Which."""
    seconds: int = Field(ge=SHORTEST, le=LONGEST)
    """How long each is shown."""


class TourStarted(Wire):
    """A tour began."""

    tour: str
    by: Author
    kind: TourKind
    viewer: str | None
    """Of an own one: the account that sees it."""
    seconds: int
    grid: TourGrid | None
    to: LayoutReach
    centers: list[str]
    """In the order in which they are shown; cameras and phones by their ids."""


class TourStepped(Wire):
    """A tour went on. What it shows to all stands in an entry of the stage after it; what its viewer sees stands here."""

    tour: str
    place: int
    """In the list, from 1 on, of the first one that is shown; that of the last step where nobody is."""
    centers: list[str]
    """Codes of the centers that are shown."""
    shown: list[str]
    """Ids of the participants that are shown for them."""
    passed: list[str]
    """Codes of those that are passed over now and were not at the last round."""
    until: str | None
    """When the next step is; null where nobody else is there, and while it is paused."""


class TourStayed(Wire):
    """A tour stays with who is shown for longer."""

    tour: str
    until: str


class TourPaced(Wire):
    """A tour shows each for another time."""

    tour: str
    seconds: int
    until: str | None
    """When the next step is now."""


class TourResumed(Wire):
    """A tour goes on."""

    tour: str
    until: str | None = None
    """When the next step is, where who is shown has had a part of his time; else a step follows."""


class TourRested(Wire):
    """A tour was paused."""

    tour: str
    reason: TourRests


class TourStopped(Wire):
    """A tour is over."""

    tour: str
    by: Author
    """Who began it."""
    kind: TourKind
    viewer: str | None
    reason: Literal["stopped", "left", "handed_over", "ended"]
    """`stopped` by hand; `left`: its viewer went; `handed_over`: he controls the meeting no more; `ended`: with it."""
    begun_at: str
    seconds: int
    steps: int
    seen: int
    """How many centers were shown at least once."""
    total: int
    """Of so many."""
