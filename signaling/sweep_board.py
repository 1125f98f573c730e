"""The board of a sweep: what came of its households, summed by what stands next below a center, where most is left first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from hub.directory.tree import CenterTree
from hub.grids.catalog import Grid
from signaling.services import Json

COUNTS: Final = (
    "rows",
    "persons",
    "met",
    "unchanged",
    "phone",
    "absent",
    "refused",
    "gone",
    "seen",
    "handed",
    "conflicts",
)
_CAME: Final = ("met", "unchanged", "phone", "absent", "refused", "gone")


def left(counts: Mapping[str, int]) -> int:
    """Households that nobody has visited."""
    return counts["rows"] - sum(counts[name] for name in _CAME)


def summed(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """All of them together."""
    total = dict.fromkeys(COUNTS, 0)
    for row in rows:
        for name in COUNTS:
            total[name] += row[name]
    return total


def below(tree: CenterTree, parent: str, villages: Iterable[Json]) -> dict[str, list[Json]]:
    """Code of what stands next below `parent` (itself, where that is the village) -> rows of the villages there."""
    depth, found = len(tree.path(parent)), dict[str, list[Json]]()
    for village in villages:
        path = tree.path(village["center"])
        if len(path) < depth or path[depth - 1].code != parent:
            continue
        found.setdefault(path[depth].code if len(path) > depth else parent, []).append(village)
    return found


def center_lines(tree: CenterTree, found: Mapping[str, list[Json]]) -> list[Json]:
    """Lines of centers, worst first."""
    return sorted(
        (
            {
                "key": code,
                "name": tree[code].name,
                "level": tree[code].level,
                "counts": summed(rows),
                "people": [],
            }
            for code, rows in found.items()
            if code in tree
        ),
        key=_worst_first,
    )


def grid_lines(grids: Mapping[str, Grid], names: Mapping[str, str], sums: Iterable[Json]) -> list[Json]:
    """Lines of grids, worst first; `names` are those of accounts."""
    lines = []
    for row in sums:
        grid = grids.get(row["grid"])
        people = [names[account] for account in grid.people if account in names] if grid is not None else []
        lines.append(
            {
                "key": row["grid"],
                "name": grid.name if grid is not None else row["grid"],
                "level": "grid",
                "counts": {name: row[name] for name in COUNTS},
                "people": people,
            }
        )
    return sorted(lines, key=_worst_first)


def _worst_first(line: Json) -> tuple[float, int, str]:
    counts = line["counts"]
    open_rows = left(counts) + counts["absent"] + counts["refused"]
    return (-(open_rows / counts["rows"] if counts["rows"] else 0.0), -open_rows, line["key"])
