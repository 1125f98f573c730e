"""Figures of grids (一表通): what there is and what was done, by village or by grid, and summed up to a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

#: What is counted of visits and errands.
DONE: Final = (
    "visited_today",
    "visited_week",
    "visits",
    "met",
    "absent",
    "symptom",
    "origin",
    "need",
    "errands_open",
    "errands_done",
)


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """Which figures are wanted; moments as on the wire."""

    codes: Sequence[str]
    """Villages, or grids of one village."""
    by_grid: bool
    today: str
    """When today began."""
    week: str
    """When the last seven days began."""
    first: str
    """Days of visits, and of errands that were done: from this one …"""
    last: str
    """… to this one."""
    since: str
    """The same as moments."""
    until: str


def line_of(parts: Iterable[Mapping[str, Any]]) -> dict[str, int | None]:
    """Several villages or grids as one line; `fresh` in whole percents."""
    total: dict[str, int | None] = {}
    sums = dict.fromkeys(("households", "persons", *DONE), 0)
    for part in parts:
        for name in sums:
            sums[name] += part.get(name, 0)
    total.update(sums)
    households = sums["households"]
    total["fresh"] = min(100, round(100 * sums["visited_week"] / households)) if households else None
    return total
