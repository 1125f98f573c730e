"""The board of a list of people: what came of its rows, summed by county, township or village, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from hub.directory.tree import LEVELS, CenterTree
from signaling.services import Json

COUNTS = ("total", "normal", "abnormal", "absent", "moved", "passed")


def left(counts: Json) -> int:
    """Rows of which nothing is known yet."""
    return int(counts["total"]) - sum(int(counts[name]) for name in ("normal", "abnormal", "absent", "moved"))


def board_of(
    tree: CenterTree, rows: Iterable[Json], level: str, within: str | None, in_grids: Callable[[str], int]
) -> list[tuple[str, Json]]:
    """Centers of that level, or higher ones that check rows themselves, with what came of the rows there and below.

    `in_grids`: how many of a center's rows lie with grids.

    Where the largest share is left comes first, and of two such the one where most is left.
    """
    zero = {**dict.fromkeys(COUNTS, 0), "centers": 0, "taken": 0, "gridded": 0}
    sums: defaultdict[str, Json] = defaultdict(zero.copy)
    for row in rows:
        at, inside = _place(tree, row["center"], level, within)
        if not inside:
            continue
        into = sums[at]
        for name in COUNTS:
            into[name] += row[name]
        into["centers"] += 1
        into["taken"] += row["taken"]
        into["gridded"] += in_grids(row["center"])
    return sorted(sums.items(), key=_worst_first)


def _place(tree: CenterTree, code: str, level: str, within: str | None) -> tuple[str, bool]:
    """The center of that level at or above this one, else itself; and whether it stands within."""
    at, inside, center = code, within is None, tree.get(code)
    while center is not None:
        if center.level == level:
            at = center.code
        inside = inside or center.code == within
        center = tree.get(center.parent) if center.parent is not None else None
    return at, inside


def told(tree: CenterTree, code: str, counts: Json) -> Json:
    """A line of the board as on the wire."""
    center = tree.get(code)
    return {
        "center": code,
        "name": center.name if center is not None else code,
        "path": [step.name for step in tree.path(code)],
        "level": center.level if center is not None else LEVELS[-1],
        "counts": {name: counts[name] for name in COUNTS},
        "centers": counts["centers"],
        "taken": counts["taken"],
        "gridded": counts["gridded"],
    }


def _worst_first(line: tuple[str, Json]) -> tuple[float, int, str]:
    code, counts = line
    open_rows, total = left(counts), counts["total"]
    return (-(open_rows / total if total else 0.0), -open_rows, code)
