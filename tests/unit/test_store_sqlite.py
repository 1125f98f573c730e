"""The SQLite in use is known, and so is whether it has the WAL-reset bug."""

from __future__ import annotations

import importlib
import platform
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from hub.store import sqlite
from hub.store.database import open_database
from hub.store.sqlite import has_wal_reset_bug, version_of


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_which_versions_have_the_bug(version: tuple[int, int, int], faulty: bool) -> None:
    assert has_wal_reset_bug(version) is faulty


async def test_a_database_is_kept_by_the_newest_sqlite_there_is(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'hub.db'}")
    try:
        found = await database.read(
            lambda connection: connection.execute(sa.text("SELECT sqlite_version()")).scalar()
        )
        in_writer = await database.write(
            lambda connection: connection.execute(sa.text("SELECT sqlite_version()")).scalar()
        )
    finally:
        await database.close()
    used = version_of(sqlite.driver())
    assert found == in_writer == ".".join(map(str, used))
    assert used >= version_of(sqlite3)
    # Where the hub's requirements bring one along, it has no such bug.
    if (platform.machine(), sys.platform) == ("x86_64", "linux"):
        assert not has_wal_reset_bug(used), sqlite.describe()


def test_an_old_sqlite_alone_is_used_and_said_with_what_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    assert sqlite.driver() is sqlite3
    monkeypatch.setattr(
        sqlite, "driver", lambda: SimpleNamespace(sqlite_version="3.40.1", __name__="sqlite3")
    )
    assert "WAL-reset bug" in sqlite.describe()
    monkeypatch.setattr(
        sqlite, "driver", lambda: SimpleNamespace(sqlite_version="3.51.3", __name__="sqlite3")
    )
    assert sqlite.describe() == "SQLite 3.51.3 (sqlite3)"
