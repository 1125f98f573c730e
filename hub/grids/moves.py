"""Which households go from one grid to another when grids are split or joined: for all that keeps households by grid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hub.entry import Entry


class Move(NamedTuple):
    """Households that are another grid's from now on."""

    origin: str
    """Code of the grid in which they are until then."""
    to: str
    """Code of the one in which they are afterwards."""
    households: tuple[str, ...] | None
    """Their ids; None for all that are in `origin`."""


def moves(entry: Entry) -> Iterator[Move]:
    """What moves by this entry, to be done in this order: the whole grid to where the rest goes, from there whoever is named.

    So each household is in one grid before and after, whatever was registered since the split was asked for.
    """
    data = entry.data
    if entry.kind == "grid.split":
        rest = data["rest"]
        if rest != data["grid"]:
            yield Move(data["grid"], rest, None)
        for part in data["into"]:
            if part["grid"] != rest and part["households"]:
                yield Move(rest, part["grid"], tuple(part["households"]))
    if entry.kind == "grid.joined":
        for code in data["grids"]:
            if code != data["into"]["grid"]:
                yield Move(code, data["into"]["grid"], None)
