"""Layouts under a name (多画面方案): how pictures stand beside each other, kept for one's center, to be sent in any meeting.

| command | refused with |
|---|---|
| `layout.save` | `not_found` (layout, center), `forbidden`, `conflict` (name), `too_many` |
| `layout.remove` | `not_found`, `forbidden` |

A cell names a center, not a person: in a meeting its station stands there, and while nobody of it has come the cell fills
itself. The layouts of a center are seen, used and changed by its leaders and dispatchers. The same twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from hub.clock import to_wire
from hub.conference.stage_shapes import CELLS, Grid, nobody_twice
from hub.directory.permissions import may
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, ObjectId
from hub.kept import ById, Name, Shelf
from hub.ruling import CommandData, Context
from hub.shapes import Author, Wire
from hub.state import HubState

#: Layouts of one center.
MAX_LAYOUTS: Final = 64


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """A layout, as the hub keeps it."""

    id: str
    #: Code of the center that it belongs to.
    holder: str
    name: str
    grid: str
    cells: tuple[str | None, ...]
    plates: bool
    #: Who saved it last, and when.
    by: Author
    at: str

    def to_wire(self) -> dict[str, Any]:
        """As pages see it."""
        return {
            "id": self.id,
            "name": self.name,
            "grid": self.grid,
            "cells": list(self.cells),
            "plates": self.plates,
            "by": self.by.model_dump(mode="json"),
            "at": self.at,
        }


class Layouts(ById[KeptLayout]):
    """All layouts that are kept, by id."""


#: Where they are kept.
SHELF: Final = Shelf("layout", Layouts, right="layout.keep", prefix="y", most=MAX_LAYOUTS)


class LayoutSave(CommandData):
    """Keep a layout under a name, or change one that is kept."""

    layout: ObjectId | None = None
    """Which one is changed; null for a new one."""
    name: Name
    """What it is called; unique among those of the center."""
    grid: Grid
    """How many pictures, and how they stand."""
    cells: list[CenterCode | None] = Field(max_length=25)
    """Code of the center of each cell, at most as many as the grid has; null and those not named fill themselves."""
    plates: bool = True
    """Whether each picture bears the name of its center."""

    _nobody_twice = field_validator("cells")(nobody_twice)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.cells) > CELLS[self.grid]:
            raise PydanticCustomError("cells", "there are more cells than the grid has")
        return self


class LayoutRemove(CommandData):
    """Forget a layout."""

    layout: ObjectId
    """Which."""


class LayoutSaved(Wire):
    """A layout is from now on so."""

    layout: str
    holder: str
    """Code of the center that it belongs to."""
    name: str
    grid: Grid
    cells: list[str | None]
    plates: bool
    by: Author


class LayoutRemoved(Wire):
    """A layout is no more."""

    layout: str
    name: str


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, account = LayoutSave.model_validate(command.data), context.account
    before = SHELF.before(state, data.layout, context)
    for code in data.cells:
        if code is not None and not (
            code in context.tree and may(account, "center.read", context.tree, code)
        ):
            raise Refusal("not_found", f"there is no center {code}", "cells")
    SHELF.require_room(state, before, data.name, context)
    cells = (*data.cells, *[None] * (CELLS[data.grid] - len(data.cells)))
    wanted = (data.name, data.grid, cells, data.plates)
    if before is not None and (before.name, before.grid, before.cells, before.plates) == wanted:
        return []
    content = {"name": data.name, "grid": data.grid, "cells": list(cells), "plates": data.plates}
    return SHELF.saved(before, content, context)


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    return SHELF.removed(SHELF.found(state, LayoutRemove.model_validate(command.data).layout, context))


def _saved(state: HubState, entry: Entry) -> None:
    data = entry.data
    kept = KeptLayout(
        id=data["layout"],
        holder=data["holder"],
        name=data["name"],
        grid=data["grid"],
        cells=tuple(data["cells"]),
        plates=data["plates"],
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
    )
    SHELF.put(state, kept)


RULES = SHELF.rules(
    save=(LayoutSave, _save),
    remove=(LayoutRemove, _remove),
    saved=(LayoutSaved, _saved),
    removed=LayoutRemoved,
)
