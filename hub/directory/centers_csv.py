"""The list of centers as a CSV file: reading it and checking it."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from typing import Final

from hub.directory.pinyin import spell
from hub.directory.tree import LEVELS, Center

#: The columns, in this order.
COLUMNS: Final = ("code", "name", "level", "parent_code")


def parse_centers(text: str) -> list[Center]:
    """Centers of a CSV text with a header of COLUMNS. Raises ValueError naming the line that is wrong."""
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"line 1: the columns must be {','.join(COLUMNS)}")
    centers = []
    for row in reader:
        where = f"line {reader.line_num}"
        if None in row or None in row.values():
            raise ValueError(f"{where}: {len(COLUMNS)} columns are needed")
        code, name, level, parent = (row[column].strip() for column in COLUMNS)
        if len(code) != 12 or not (code.isascii() and code.isdigit()):
            raise ValueError(f"{where}: the code {code!r} has not 12 digits")
        if not name or level not in LEVELS:
            raise ValueError(f"{where}: name {name!r} or level {level!r} is not usable")
        centers.append(Center(code, name, level, parent or None, spell(name)))
    return centers


def load_centers(path: Path) -> list[Center]:
    """Centers of a CSV file (UTF-8). Raises OSError or ValueError."""
    return parse_centers(path.read_text(encoding="utf-8"))


def yueyang_centers() -> list[Center]:
    """The real tree of Yueyang that comes with the hub: 2,048 centers on four levels."""
    return parse_centers((files("hub.directory") / "yueyang-centers.csv").read_text(encoding="utf-8"))
