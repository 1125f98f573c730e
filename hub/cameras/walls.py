"""Walls of cameras under a name (视频墙): which cameras stand where, or one after the other; a person's own, or a center's.

| command | refused with |
|---|---|
| `wall.save` | `forbidden`, `not_found` (wall), `conflict` (name), `too_many` |
| `wall.remove` | `forbidden`, `not_found` |

A wall that tours (`dwell_s`) shows its cameras a grid at a time, and in one that stands still a cell may tour by itself
(`cells`); how far a tour has come is the page's, and kept nowhere. A wall
names cameras and gives no right to them: who may not watch one finds its cell empty, with the reason. It keeps its scope.
The same twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.clock import to_wire
from hub.conference.groups import GroupScope
from hub.entry import Command, Draft, Entry
from hub.fields import ObjectId
from hub.ids import is_id
from hub.kept import ById, Name, Shelf
from hub.ruling import CommandData, Context
from hub.shapes import Author, Wire
from hub.state import HubState

#: Cameras of one wall: of a tour of a county's villages.
MAX_CAMERAS: Final = 400

WallGrid = TypeAliasType("WallGrid", Literal["1", "4", "9", "16", "25"])
#: Id of a camera.
CameraId = Annotated[str, StringConstraints(pattern=r"^ca_[0-9a-z]{18}$")]


#: Cameras of one cell that tours, and how long (seconds) each may stand.
MAX_OF_CELL: Final = 50
Dwell = Annotated[int, Field(ge=5, le=600)]


class WallCell(Wire):
    """A cell that shows several cameras, one after the other."""

    cameras: list[CameraId] = Field(min_length=2, max_length=MAX_OF_CELL)
    """In their order; the first is the one that stands in `cameras` of the wall, and so names the cell."""
    dwell_s: Dwell
    """How long (seconds) each stands."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall, as the hub keeps it."""

    id: str
    #: The account or the center that it belongs to.
    holder: str
    name: str
    grid: str
    cameras: tuple[str | None, ...]
    dwell_s: int | None
    #: Those of its cells that tour.
    cells: tuple[WallCell, ...]
    #: Who saved it last, and when.
    by: Author
    at: str

    def to_wire(self) -> dict[str, Any]:
        """As pages see it."""
        return {
            "id": self.id,
            "scope": "own" if is_id(self.holder, "a") else "center",
            "name": self.name,
            "grid": self.grid,
            "cameras": list(self.cameras),
            "dwell_s": self.dwell_s,
            "cells": [each.model_dump(mode="json") for each in self.cells],
            "by": self.by.model_dump(mode="json"),
            "at": self.at,
        }


class Walls(ById[Wall]):
    """All walls that are kept."""


SHELF: Final = Shelf("wall", Walls, "wall.keep", "vw", most=64)


class WallSave(CommandData):
    """Keep a wall of cameras under a name, or change one that is kept."""

    wall: ObjectId | None = None
    """Which one is changed; null for a new one."""
    scope: GroupScope = "own"
    """Whose it is: one's own, or one's center's. Of one that is changed it stays as it was."""
    name: Name
    """What it is called; unique among those of the same person or center."""
    grid: WallGrid
    """How many pictures stand beside each other."""
    cameras: list[CameraId | None] = Field(min_length=1, max_length=MAX_CAMERAS)
    """The camera of each cell, null for none; of a tour all that it shows, in their order."""
    dwell_s: Dwell | None = None
    """Of a tour: how long (seconds) each grid of pictures stands; null: the wall stands still."""
    cells: list[WallCell] = Field(default_factory=list, max_length=25)
    """Cells that tour by themselves, of a wall that stands still."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        named = [each for each in self.cameras if each is not None]
        if not named:
            raise PydanticCustomError("cameras", "a wall has at least one camera")
        if any(each.cameras[0] not in named for each in self.cells):
            raise PydanticCustomError("cells", "a cell that tours begins with the camera that stands there")
        if self.cells and self.dwell_s is not None:
            raise PydanticCustomError("cells", "the wall tours, or its cells do")
        named += [camera for each in self.cells for camera in each.cameras[1:]]
        if len(set(named)) != len(named):
            raise PydanticCustomError("cameras", "a camera stands on a wall once")
        if len(named) > MAX_CAMERAS:
            raise PydanticCustomError("cameras", "a wall has no more cameras than that")
        if self.dwell_s is None and len(self.cameras) > int(self.grid):
            raise PydanticCustomError(
                "cameras", "there are more cameras than cells; a wall that tours may have more"
            )
        return self


class WallRemove(CommandData):
    """Forget a wall of cameras."""

    wall: ObjectId
    """Which."""


class WallSaved(Wire):
    """A wall of cameras is from now on so."""

    wall: str
    holder: str
    """The account or the center that it belongs to."""
    name: str
    grid: WallGrid
    cameras: list[str | None]
    dwell_s: int | None
    cells: list[WallCell] = Field(default_factory=list)
    by: Author


class WallRemoved(Wire):
    """A wall of cameras is no more."""

    wall: str
    name: str


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = WallSave.model_validate(command.data)
    before = SHELF.before(state, data.wall, context)
    own = data.scope == "own"
    SHELF.require_room(state, before, data.name, context, own=own)
    content = data.model_dump(mode="json", include={"name", "grid", "cameras", "dwell_s", "cells"})
    wanted = (data.name, data.grid, tuple(data.cameras), data.dwell_s, tuple(data.cells))
    if before is not None and _content(before) == wanted:
        return []
    return SHELF.saved(before, content, context, own=own)


def _content(wall: Wall) -> tuple[Any, ...]:
    return wall.name, wall.grid, wall.cameras, wall.dwell_s, wall.cells


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    return SHELF.removed(SHELF.found(state, WallRemove.model_validate(command.data).wall, context))


def _saved(state: HubState, entry: Entry) -> None:
    data = entry.data
    kept = Wall(
        id=data["wall"],
        holder=data["holder"],
        name=data["name"],
        grid=data["grid"],
        cameras=tuple(data["cameras"]),
        dwell_s=data["dwell_s"],
        # Walls of before cells toured have none.
        cells=tuple(WallCell.model_validate(each) for each in data.get("cells", ())),
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
    )
    SHELF.put(state, kept)


RULES = SHELF.rules(
    save=(WallSave, _save),
    remove=(WallRemove, _remove),
    saved=(WallSaved, _saved),
    removed=WallRemoved,
)
