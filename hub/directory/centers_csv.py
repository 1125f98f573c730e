"""The list of centers as a CSV file: reading it and checking it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from hub.directory.pinyin import spell
from hub.directory.tree import LEVELS, Center
from hub.fields import has_unfit_characters

#: The columns, in this order.
COLUMNS: Final = ("code", "name", "level", "parent_code")
#: Longest name of a center, in characters.
MAX_NAME: Final = 100


def parse_centers(text: str) -> list[Center]:
    """Centers of a CSV text with a header of COLUMNS. Empty rows are passed over.

    Raises ValueError naming the row (as a spreadsheet numbers it), its column and what is wrong there.
    """
    centers: list[Center] = []
    header = False
    for number, cells in enumerate(_rows(text), 1):
        row = [cell.strip() for cell in cells]
        if not any(row):
            continue
        if not header:
            if tuple(row) != COLUMNS:
                raise ValueError(f"row {number}: the columns must be {','.join(COLUMNS)}")
            header = True
            continue
        centers.append(_center(number, row))
    if not header:
        raise ValueError(f"row 1: the columns must be {','.join(COLUMNS)}")
    return centers


def _rows(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as problem:
        raise ValueError(f"line {reader.line_num}: {problem}") from None


def _center(number: int, row: list[str]) -> Center:
    # A spreadsheet leaves empty cells behind the last column, which mean nothing.
    while len(row) > len(COLUMNS) and not row[-1]:
        row.pop()
    if len(row) != len(COLUMNS):
        raise ValueError(f"row {number}: {len(COLUMNS)} columns are needed, there are {len(row)}")
    code, name, level, parent = row
    if not _is_code(code):
        raise ValueError(f"row {number}, column code: {code!r} is not 12 digits")
    if not name or len(name) > MAX_NAME or has_unfit_characters(name) or "\n" in name:
        raise ValueError(f"row {number}, column name: {name[:80]!r} is no name of 1 to {MAX_NAME} characters")
    if level not in LEVELS:
        raise ValueError(f"row {number}, column level: {level!r} is none of {' '.join(LEVELS)}")
    if parent and not _is_code(parent):
        raise ValueError(f"row {number}, column parent_code: {parent!r} is not 12 digits")
    return Center(code, name, level, parent or None, spell(name))


def _is_code(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()


def decode_centers(content: bytes) -> str:
    """The text of a CSV file: UTF-8, with or without a byte order mark, else GB18030 as Chinese spreadsheets write it.

    A file in GB18030 is hardly ever valid UTF-8 by chance, so the first that fits is it. Raises ValueError naming the
    row at which it is neither.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        as_utf8 = content.count(b"\n", 0, problem.start) + 1
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as problem:
        as_gb = content.count(b"\n", 0, problem.start) + 1
    raise ValueError(f"the file is neither UTF-8 (row {as_utf8}) nor GB18030 (row {as_gb})")


def load_centers(path: Path) -> list[Center]:
    """Centers of a CSV file (see `decode_centers`). Raises OSError or ValueError."""
    return parse_centers(decode_centers(path.read_bytes()))


def yueyang_centers() -> list[Center]:
    """The real tree of Yueyang that comes with the hub: 2,048 centers on four levels."""
    return parse_centers((files("hub.directory") / "yueyang-centers.csv").read_text(encoding="utf-8"))
