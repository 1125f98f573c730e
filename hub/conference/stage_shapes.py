"""What the stage looks like: its state, its layouts, its commands and entries."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.fields import ParticipantId
from hub.parts import Part
from hub.ruling import CommandData
from hub.shapes import Author, Wire

Grid = TypeAliasType("Grid", Literal["1", "2", "1+5", "4", "9", "16", "25"])
LayoutReach = TypeAliasType("LayoutReach", Literal["all", "wall"])
#: Why the stage is changed: by hand, because somebody spoke, by a tour, because somebody who was shown went.
StageBecause = TypeAliasType("StageBecause", Literal["chair", "voice", "tour", "left"])

#: Why the place beside the speaker changes hands: by key, because he went, because nothing came of his screen any more.
SecondReason = TypeAliasType("SecondReason", Literal["hand", "left", "lost"])

#: How many cells a grid has; of `1+5` the first one is the large one.
CELLS: Final[dict[str, int]] = {"1": 1, "2": 2, "1+5": 6, "4": 4, "9": 9, "16": 16, "25": 25}
#: So many viewers of a meeting may be shown something of their own.
MAX_VIEWS: Final = 64


class Layout(Wire):
    """Several pictures beside each other."""

    grid: Grid
    cells: list[str | None]
    """A participant's id each, as many as the grid has; null: filled by who is broadcast, who spoke last, who sends."""
    to: LayoutReach
    """Who sees it: everybody, or the wall alone."""
    plates: bool = True
    """Whether each picture bears the name of its center."""


class Stage(Part):
    """The stage of one meeting."""

    broadcast: str | None = None
    """Id of the participant that is shown to everybody; null for nobody."""
    views: dict[str, str] = Field(default_factory=dict)
    """What single viewers are shown instead of the broadcast: id of the viewer -> id of the participant that he sees."""
    layout: Layout | None = None
    """Several pictures beside each other; null for one."""
    locked: Author | None = None
    """Who locked it: nobody but he and the chair changes it; null while it is not locked."""
    voice: bool = False
    """Whether who speaks takes the stage."""
    second: str | None = None
    """Id of the participant whose shared screen stands beside the speaker (双流); null for nobody's."""
    second_lost_at: str | None = None
    """Since when nothing comes of that screen; null while it comes."""


def nobody_twice(cells: list[str | None]) -> list[str | None]:
    """The cells of a layout, as a field's validator: each is somebody else's, or nobody's."""
    named = [each for each in cells if each is not None]
    if len(named) != len(set(named)):
        raise PydanticCustomError("twice", "nobody stands in two cells")
    return cells


class LayoutWanted(CommandData):
    """Several pictures beside each other, as somebody wants them."""

    grid: Grid
    """How many, and how they stand."""
    cells: list[ParticipantId | None] = Field(max_length=25)
    """Who stands in each cell, at most as many as the grid has; null and those that are not named fill themselves."""
    to: LayoutReach = "all"
    """Who sees it: everybody, or the wall alone."""
    plates: bool = True
    """Whether each picture bears the name of its center."""

    _nobody_twice = field_validator("cells")(nobody_twice)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.cells) > CELLS[self.grid]:
            raise PydanticCustomError("cells", "there are more cells than the grid has")
        return self


class StageBroadcast(CommandData):
    """Put a participant on the stage, or clear it."""

    participant: ParticipantId | None
    """Who; null clears the stage."""


class StageView(CommandData):
    """Show somebody a participant of his own choice, or the stage again."""

    viewer: ParticipantId
    """Who is shown something of his own."""
    source: ParticipantId | None
    """Whom he sees; null: what all see."""


class StageLayout(CommandData):
    """Show several pictures beside each other, or one again."""

    layout: LayoutWanted | None
    """Which; null: one picture."""


class StageLock(CommandData):
    """Hold the stage as it is, or let it go."""

    locked: bool
    """Whether it is held."""


class StageFollowVoice(CommandData):
    """Have who speaks take the stage, or not."""

    on: bool
    """Whether he does."""


class StageHeard(CommandData):
    """Somebody has spoken for so long that the stage is his."""

    participant: ParticipantId
    """Who."""


class SecondOf(CommandData):
    """About whose screen stands beside the speaker."""

    participant: ParticipantId
    """Who."""


class Broadcast(Wire):
    """Who is on the stage from now on."""

    participant: str | None
    because: StageBecause = "chair"
    """Why: by hand, because he spoke, by a tour."""


class Viewed(Wire):
    """What one viewer is shown from now on."""

    viewer: str
    source: str | None
    """Whom; null: what all see."""
    because: StageBecause = "chair"
    """Why."""


class LaidOut(Wire):
    """How pictures stand from now on."""

    layout: Layout | None
    """Null: one picture."""
    because: StageBecause = "chair"
    """Why."""


class StageHeld(Wire):
    """The stage was locked, or unlocked."""

    by: Author


class VoiceFollowed(Wire):
    """Whether who speaks takes the stage."""

    on: bool


class Second(Wire):
    """Whose screen stands beside the speaker from now on."""

    participant: str | None
    reason: SecondReason = "hand"
    """Why."""
