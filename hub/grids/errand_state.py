"""How errands stand: those that go on, and for some days those that wait to be rated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pydantic import ConfigDict, Field, InstanceOf

from hub.clock import from_wire, to_wire
from hub.entry import Entry
from hub.grids.catalog import village_of
from hub.grids.errand_shapes import RATED_WITHIN, ErrandState
from hub.parts import Part
from hub.ruling import Due
from hub.state import HubState


@dataclass(frozen=True, slots=True)
class Errand:
    """An errand that goes on, or waits to be rated."""

    id: str
    household: str
    grid: str
    due: str | None
    state: ErrandState = "asked"
    #: Account of who does it.
    taker: str = ""
    #: When nothing more is said of it, as on the wire.
    until: str | None = None

    @property
    def village(self) -> str:
        """Code of its village."""
        return village_of(self.grid)


class Errands(Part):
    """Errands that go on, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    by_id: dict[str, InstanceOf[Errand]] = Field(default_factory=dict)


def errand_of(state: HubState, errand: str) -> Errand | None:
    """The errand of this id, while it goes on or may be rated."""
    return state.parts.read(Errands).by_id.get(errand)


def due(state: HubState) -> Due | None:
    """When the hub looks at errands again: one was done long enough ago."""
    there = [(each.until, each.id) for each in state.parts.read(Errands).by_id.values() if each.until]
    first = min(there, default=None)
    return None if first is None else Due(from_wire(first[0]), "errand.tick", None, first[1])


# -- what entries do


def asked(state: HubState, entry: Entry) -> None:
    """`errand.asked`."""
    data = entry.data
    errand = Errand(data["errand"], data["household"], data["grid"], data["due"])
    state.parts.edit(Errands).by_id[errand.id] = errand


def _put(state: HubState, entry: Entry, /, **more: Any) -> None:
    if (found := errand_of(state, entry.data["errand"])) is not None:
        state.parts.edit(Errands).by_id[found.id] = replace(found, **more)


def taken(state: HubState, entry: Entry) -> None:
    """`errand.taken`."""
    _put(state, entry, state="taken", taker=entry.data["taker"])


def handed(state: HubState, entry: Entry) -> None:
    """`errand.handed`."""
    _put(state, entry, state="handed", taker="")


def finished(state: HubState, entry: Entry) -> None:
    """`errand.finished`: it may be rated for some days."""
    _put(state, entry, state="done", until=to_wire(entry.at + timedelta(days=RATED_WITHIN)))


def gone(state: HubState, entry: Entry) -> None:
    """`errand.dropped`, `errand.rated`, `errand.closed`: nothing more is said of it."""
    if errand_of(state, entry.data["errand"]) is None:
        return
    by_id = state.parts.edit(Errands).by_id
    del by_id[entry.data["errand"]]
    if not by_id:
        state.parts.forget(Errands)


def moved(state: HubState, entry: Entry) -> None:
    """`errand.moved`."""
    for errand, grid in entry.data["grids"].items():
        if (found := errand_of(state, errand)) is not None:
            state.parts.edit(Errands).by_id[errand] = replace(found, grid=grid)
