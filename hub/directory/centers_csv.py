"""The list of centers as text: what the hub brings along, and whatever else stands in rows and commas."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from hub.directory.center_list import Listed, read_centers
from hub.directory.csv_text import csv_rows
from hub.directory.list_rows import Row
from hub.directory.pinyin import spell
from hub.directory.tree import Center


def parse_centers(text: str) -> list[Center]:
    """Centers of a CSV text. Raises ValueError naming the first row (as a spreadsheet numbers it) that is wrong."""
    return checked_centers(csv_rows(text))


def checked_centers(rows: Iterable[Row]) -> list[Center]:
    """Centers of rows, all of which must be right. Raises ValueError naming the first that is not."""
    centers, wrong = read_centers(rows)
    if wrong:
        raise ValueError(str(wrong[0]))
    return [center_of(each) for each in centers]


def center_of(listed: Listed) -> Center:
    """The center that a row means."""
    return Center(
        listed.code, listed.name, listed.level, listed.parent, spell(listed.name), listed.functional
    )


def yueyang_centers() -> list[Center]:
    """The real tree of Yueyang that comes with the hub: 2,048 centers on four levels."""
    return parse_centers((files("hub.directory") / "yueyang-centers.csv").read_text(encoding="utf-8"))
