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
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from hub.clock import to_wire
from hub.conference.stage_shapes import CELLS, Grid, nobody_twice
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import CenterCode, ObjectId, Text
from hub.gates import signature_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState

#: Layouts of one center.
MAX_LAYOUTS: Final = 64
#: Longest name, in characters.
MAX_NAME: Final = 30


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


class Layouts(Part):
    """All layouts that are kept, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, KeptLayout] = Field(default_factory=dict)


class LayoutSave(CommandData):
    """Keep a layout under a name, or change one that is kept."""

    layout: ObjectId | None = None
    """Which one is changed; null for a new one."""
    name: Annotated[Text, StringConstraints(min_length=1, max_length=MAX_NAME, pattern=r"^[^\n\t]+$")]
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


def layouts_of(state: HubState, account: Account, tree: CenterTree) -> list[KeptLayout]:
    """The layouts that this account may use: those of its center, in the order in which they were made."""
    if account.center not in tree or not may(account, "layout.keep", tree, account.center):
        return []
    return [each for each in state.parts.read(Layouts).by_id.values() if each.holder == account.center]


def _require(context: Context) -> None:
    if not may(context.account, "layout.keep", context.tree, context.account.center):
        raise Refusal("forbidden", "this role keeps no layouts")


def _found(state: HubState, layout: str, context: Context) -> KeptLayout:
    found = state.parts.read(Layouts).by_id.get(layout)
    if found is None or found.holder != context.account.center:
        raise Refusal("not_found", "there is no such layout", "layout")
    return found


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    _require(context)
    data, account = LayoutSave.model_validate(command.data), context.account
    before = _found(state, data.layout, context) if data.layout is not None else None
    for code in data.cells:
        if code is not None and not (
            code in context.tree and may(account, "center.read", context.tree, code)
        ):
            raise Refusal("not_found", f"there is no center {code}", "cells")
    others = [each for each in layouts_of(state, account, context.tree) if each is not before]
    if any(each.name == data.name for each in others):
        raise Refusal("conflict", f"there is a layout {data.name} already", "name")
    if before is None and len(others) >= MAX_LAYOUTS:
        raise Refusal("too_many", f"there are {MAX_LAYOUTS} layouts; remove some")
    cells = (*data.cells, *[None] * (CELLS[data.grid] - len(data.cells)))
    wanted = (data.name, data.grid, cells, data.plates)
    if before is not None and (before.name, before.grid, before.cells, before.plates) == wanted:
        return []
    saved = {
        "layout": before.id if before is not None else context.new_id("y"),
        "holder": account.center,
        "name": data.name,
        "grid": data.grid,
        "cells": list(cells),
        "plates": data.plates,
        "by": signature_of(account, context.tree),
    }
    return [Draft("layout.saved", None, saved, (center_audience(account.center),))]


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    _require(context)
    found = _found(state, LayoutRemove.model_validate(command.data).layout, context)
    gone = {"layout": found.id, "name": found.name}
    return [Draft("layout.removed", None, gone, (center_audience(found.holder),))]


def _saved(state: HubState, entry: Entry) -> None:
    data = entry.data
    state.parts.edit(Layouts).by_id[data["layout"]] = KeptLayout(
        id=data["layout"],
        holder=data["holder"],
        name=data["name"],
        grid=data["grid"],
        cells=tuple(data["cells"]),
        plates=data["plates"],
        by=Author.model_validate(data["by"]),
        at=to_wire(entry.at),
    )


def _removed(state: HubState, entry: Entry) -> None:
    state.parts.edit(Layouts).by_id.pop(entry.data["layout"], None)


#: A restart needs the entries of layouts that are there.
_LAYOUT: Final = Subject(
    lambda entry: str(entry.data["layout"]),
    lambda state, layout: layout in state.parts.read(Layouts).by_id,
)

RULES = RuleFile(
    "layouts",
    commands=(
        CommandRule("layout.save", LayoutSave, _save, meeting="never"),
        CommandRule("layout.remove", LayoutRemove, _remove, meeting="never"),
    ),
    entries=tuple(
        EntryRule(
            kind,
            schema,
            apply,
            reads="layout.keep",
            document=Document("layout", "layout"),
            everywhere=True,
            subject=_LAYOUT,
        )
        for kind, schema, apply in (
            ("layout.saved", LayoutSaved, _saved),
            ("layout.removed", LayoutRemoved, _removed),
        )
    ),
)
