"""The board of a sweep: what came of its households, summed by what stands next below a center, where most is left first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from hub.directory.accounts import Account
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


def _came_to(counts: Mapping[str, int], outcome: str | None) -> int:
    """How many rows of a village there are of an outcome; at least so many."""
    if outcome is None:
        return counts["rows"]
    if outcome == "left":
        return left(counts)
    if outcome == "open":
        return left(counts) + counts["absent"] + counts["refused"]
    if outcome == "met":
        return counts["met"] + counts["unchanged"]
    if outcome == "conflict":
        return min(counts["conflicts"], 1)
    return counts[outcome]


def where_rows_are(
    villages: Iterable[Json], outcome: str | None, after: int, enough: int | None
) -> tuple[list[tuple[int, int]], int | None]:
    """Numbers after which there are rows of this outcome, as the villages' sums say: for so many as are `enough`.

    So nobody walks through a million rows for the last ten. With it, the number up to which that is; None for the end.
    """
    found: list[tuple[int, int]] = []
    there = 0
    for each in sorted(villages, key=lambda each: cast(int, each["first"])):
        first, last = each["first"], each["first"] + each["rows"] - 1
        count = _came_to(each, outcome) if enough is not None else each["rows"]
        if last <= after or not count:
            continue
        if enough is not None and there >= enough:
            return found, found[-1][1]
        # Of the village in which the page before ended nobody knows how many are left.
        there += count if first > after else 0
        first = max(first, after + 1)
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found, None


def summed(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """All of them together."""
    total = dict.fromkeys(COUNTS, 0)
    for row in rows:
        for name in COUNTS:
            total[name] += row[name]
    return total


def below(tree: CenterTree, parent: str, villages: Iterable[Json]) -> dict[str, list[Json]]:
    """Code of what stands next below `parent` (itself, where that is the village) -> rows of the villages there."""
    of_village = {each["center"]: each for each in villages}
    found = dict[str, list[Json]]()
    if parent in of_village:
        found[parent] = [of_village[parent]]
    for child in tree.children(parent):
        there = [of_village[each.code] for each in tree.subtree(child.code) if each.code in of_village]
        if there:
            found[child.code] = there
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


def grid_lines(
    grids: Mapping[str, Grid], accounts: Mapping[str, Account], sums: Iterable[Json]
) -> list[Json]:
    """Lines of grids, worst first, with the names of who walks them."""
    lines = []
    for row in sums:
        grid = grids.get(row["grid"])
        there = grid.people if grid is not None else ()
        people = [accounts[account].name for account in there if account in accounts]
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
