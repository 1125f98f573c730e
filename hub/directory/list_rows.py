"""Lists that people bring, row by row: which column is which, and what is wrong in which row, in words that pages translate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: The cells of a row, and its number as a spreadsheet shows it.
Row = tuple[int, Sequence[str]]
#: A cell that a spreadsheet would take for a formula is written with an apostrophe before it, which is no part of it.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")

#: why -> what is said of it at the command line; `{value}` is what stands there.
SAYS: Final[dict[str, str]] = {
    "columns": "the columns must be {value}",
    "cells": "{value}",
    "code": "{value!r} is not 12 digits",
    "digits": "{value!r} has lost digits: make the column text before saving",
    "name": "{value!r} is no name of 1 to 100 characters",
    "level": "{value!r} is none of city county township village",
    "yes_or_no": "{value!r} is neither yes nor no",
    "twice": "{value!r} stands twice in the list",
    "unknown_parent": "there is no center {value!r}",
    "circle": "the centers above {value!r} go round in a circle",
    "level_above": "{value!r} does not stand below the level of the center above",
    "elsewhere": "center {value!r} is not yours to change",
    "username": "{value!r} is no user name of 1 to 64 characters",
    "role": "{value!r} is no role",
    "not_yours": "accounts in the role {value!r} are the security administrator's",
    "center": "there is no center {value!r}",
    "ambiguous": "several centers are meant by {value!r}",
    "taken": "the user name {value!r} belongs to another account",
    "too_long": "the cell has more than 1,000 characters",
    "village": "{value!r} is no village",
    "grid_name": "{value!r} is no name of a grid: 1 to 40 characters",
    "grid_code": "{value!r} is no code of a grid of this village, or another grid has it",
    "grid_kind": "{value!r} is neither basic nor dedicated",
    "planned": "{value!r} is no number of households up to 5,000",
    "person": "{value!r} is no person: names of up to 20 characters, one leader, up to 20 members",
    "people": "the village has several people called {value!r}",
    "not_leader": "{value!r} is no grid leader: the role is given first",
    "no_account": "{value!r} has no account, and accounts are the system administrator's to make",
}
#: Longest piece of a cell that is quoted.
QUOTED: Final = 80
_ROUNDED: Final = re.compile(r"\d(\.\d+)?e\+\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a row of a list; `column` is empty where it is the row itself."""

    row: int
    column: str
    why: str
    value: str = ""

    def __str__(self) -> str:
        place = f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"
        return f"{place}: {SAYS[self.why].format(value=self.value[:QUOTED])}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its name, other words for it, and whether the list is none without it."""

    name: str
    words: tuple[str, ...] = ()
    needed: bool = True


def named_rows(
    rows: Iterable[Row], columns: Sequence[Column]
) -> tuple[list[tuple[int, dict[str, str]]], list[Wrong]]:
    """The rows behind the header as column -> cell, and what is wrong. Empty rows and unknown columns are passed over.

    Columns stand in any order, under their names or other words for them. Without a fitting header nothing is read.
    """
    found: list[tuple[int, dict[str, str]]] = []
    wrong: list[Wrong] = []
    places: dict[str, int] | None = None
    width = 0
    number = 0
    for number, cells in rows:
        row = [_plain(cell) for cell in cells]
        if not any(row):
            continue
        # A spreadsheet leaves empty cells behind the last column, which mean nothing.
        while row and not row[-1] and (places is None or len(row) > width):
            row.pop()
        if places is None:
            places = _places(row, columns)
            width = len(row)
            if places is None:
                break
        elif len(row) != width:
            wrong.append(Wrong(number, "", "cells", f"{width} columns are needed, there are {len(row)}"))
        else:
            found.append((number, {name: row[place] for name, place in places.items()}))
    if places is None:
        needed = ",".join(each.name for each in columns if each.needed)
        return [], [Wrong(max(number, 1), "", "columns", needed)]
    return found, wrong


def _places(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int] | None:
    words = [cell.lower().replace(" ", "_") for cell in header]
    places: dict[str, int] = {}
    for column in columns:
        at = [place for place, word in enumerate(words) if word in (column.name, *column.words)]
        if len(at) > 1 or (not at and column.needed):
            return None
        if at:
            places[column.name] = at[0]
    return places


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_SIGNS else text


def word_of(text: str, words: Mapping[str, Sequence[str]]) -> str | None:
    """The word that a cell means: itself, or one that stands for it in another language."""
    lowered = text.lower()
    return next((word for word, others in words.items() if lowered == word or lowered in others), None)


def is_rounded(text: str) -> bool:
    """Whether this is how a spreadsheet writes a long number whose last digits it has forgotten.

    >>> is_rounded("4.30682E+17")
    True
    """
    return _ROUNDED.fullmatch(text.strip()) is not None
