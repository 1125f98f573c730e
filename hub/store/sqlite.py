"""Which SQLite is used: the newer one of Python's own and of the package pysqlite3, and what is known to be wrong with it.

SQLite 3.7.0 to 3.51.2 has the WAL-reset bug (https://sqlite.org/wal.html#walresetbug): in WAL mode, where two connections of
one database write or checkpoint at the same instant, a checkpoint may overlook that the log was begun anew, and later ones
then leave pages out. The hub avoids the condition as far as it can (docs/assumptions.md), and takes an SQLite without it where
there is one.
"""

from __future__ import annotations

import importlib
import sqlite3
from types import ModuleType
from typing import Any, Final

#: The first version without the bug, and the older lines that got the same correction.
FIXED: Final = (3, 51, 3)
BACKPORTS: Final = ((3, 44, 6), (3, 50, 7))
_FIRST: Final = (3, 7, 0)

Version = tuple[int, int, int]


def has_wal_reset_bug(version: Version) -> bool:
    """Whether this version of SQLite has it."""
    if version < _FIRST or version >= FIXED:
        return False
    return not any(version[:2] == line[:2] and version >= line for line in BACKPORTS)


def version_of(driver: Any) -> Version:
    """The version of the SQLite inside a driver."""
    major, minor, patch = (int(number) for number in str(driver.sqlite_version).split("."))
    return major, minor, patch


def driver() -> ModuleType:
    """The driver (PEP 249) with the newest SQLite there is."""
    try:
        other = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3
    return max(sqlite3, other, key=version_of)


def describe() -> str:
    """One line about the SQLite in use, for the log."""
    used = driver()
    number = ".".join(map(str, version_of(used)))
    if has_wal_reset_bug(version_of(used)):
        return (
            f"SQLite {number} ({used.__name__}), which has the WAL-reset bug: do not change accounts or centers on the command "
            "line while the hub runs, or install pysqlite3 (docs/assumptions.md)"
        )
    return f"SQLite {number} ({used.__name__})"
