"""A whole database copied out while a hub runs on it, as one consistent state, and put into an empty one.

SQLite is copied by its own online backup into one file. PostgreSQL is read by COPY in one transaction that sees one state
(REPEATABLE READ), a file for each table: what is written meanwhile is not in it, and waits for nothing.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from hub.journal.ports import Checkpoint, Tip
from hub.store import sqlite, tables
from hub.store.database import Database
from hub.store.migrations import FOUND_SINCE, migrate
from hub.store.rows import checkpoint_of, read_tip

SQLITE_FILE: Final = "hub.db"
#: Which tables stand in which files, with their columns.
TABLES_FILE: Final = "tables.json"


class NotEmpty(Exception):
    """The database to be filled holds something already."""


@dataclass(frozen=True, slots=True)
class CopiedPart:
    """A recorded file that was closed when the copy was taken, and what the journal says of it."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CopiedObject:
    """An object; `named`: an entry names it."""

    digest: str
    bytes: int
    named: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, told from the copy's own state."""

    kind: str
    """`sqlite` or `postgresql`."""
    version: int
    """Of the tables."""
    tip: Tip
    entries: int
    checkpoint: Checkpoint | None
    """The newest one that the copy holds."""
    parts: list[CopiedPart]
    objects: list[CopiedObject]


def copy_out(url: str, folder: Path) -> Copied:
    """Copy the database at `url` into files in `folder`, which is there and holds none of them.

    Raises SQLAlchemy's errors and the driver's when the database cannot be read, OSError for the folder.
    """
    database = Database(url)
    try:
        if database.path is not None:
            return _copy_sqlite(database.path, folder / SQLITE_FILE)
        with database.reading() as connection:
            copied = _facts(connection)
            _copy_tables(connection, folder)
            return copied
    finally:
        database.close_now()


def copy_in(folder: Path, kind: str, version: int, url: str) -> None:
    """Fill the empty database at `url` from the files in `folder`, and end all sessions that stood in it.

    Raises NotEmpty, ValueError for another kind of database.
    """
    database = Database(url)
    try:
        wanted = "sqlite" if database.is_sqlite else "postgresql"
        if wanted != kind:
            raise ValueError(f"the backup is of a {kind} database; HUB_DATABASE_URL names one of {wanted}")
        if database.path is not None:
            _fill_sqlite(folder / SQLITE_FILE, database.path)
        else:
            with database.writing() as connection:
                _fill_tables(connection, folder, version)
    finally:
        database.close_now()


def require_empty(url: str) -> None:
    """Raises NotEmpty when the database at `url` holds a hub's tables."""
    database = Database(url)
    try:
        if database.path is not None:
            if database.path.exists():
                raise NotEmpty(f"{database.path} is there already")
            return
        with database.reading() as connection:
            _require_no_tables(connection)
    finally:
        database.close_now()


def _copy_sqlite(source: Path, target: Path) -> Copied:
    if not source.exists():
        raise FileNotFoundError(f"there is no database {source}")
    driver: Any = sqlite.driver()
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(driver.connect(str(source))) as reading, closing(driver.connect(str(target))) as copy:
        # All pages in one step: one state, however much is written meanwhile, which waits for nothing (WAL).
        reading.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    engine = sa.create_engine(f"sqlite:///{target}", module=driver)
    try:
        with engine.connect() as connection:
            copied = _facts(connection)
    finally:
        engine.dispose()
    _sync(target)
    return copied


def _fill_sqlite(source: Path, target: Path) -> None:
    if target.exists():
        raise NotEmpty(f"{target} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    driver: Any = sqlite.driver()
    filling = target.with_name(target.name + ".filling")
    filling.unlink(missing_ok=True)
    os.close(os.open(filling, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with filling.open("wb") as file, source.open("rb") as copy:
        while block := copy.read(1 << 20):
            file.write(block)
    with closing(driver.connect(str(filling))) as connection:
        connection.execute("DELETE FROM tokens")
        connection.commit()
    _sync(filling)
    os.rename(filling, target)


def _facts(connection: sa.Connection) -> Copied:
    parts, objects, names = tables.parts.c, tables.objects.c, tables.object_names.c
    closed = connection.execute(
        sa.select(parts.file, parts.bytes, parts.sha256)
        # what stands in the second copy alone is not of this machine, what was destroyed is nowhere
        .where(
            parts.sha256.is_not(None),
            parts.bytes.is_not(None),
            parts.released_at.is_(None),
            parts.destroyed.is_(None),
        )
        .order_by(parts.seq)
    )
    kept = [CopiedPart(row.file, row.bytes, row.sha256) for row in closed]
    named = {row.object for row in connection.execute(sa.select(names.object).distinct())}
    all_objects = connection.execute(sa.select(objects.id, objects.bytes).order_by(objects.id))
    newest = connection.execute(
        sa.select(tables.checkpoints).order_by(tables.checkpoints.c.seq.desc()).limit(1)
    ).first()
    version = connection.execute(sa.select(sa.func.max(tables.schema_version.c.version))).scalar_one()
    return Copied(
        kind=connection.dialect.name,
        version=int(version),
        tip=read_tip(connection),
        entries=int(connection.execute(sa.select(sa.func.count()).select_from(tables.entries)).scalar_one()),
        checkpoint=checkpoint_of(newest) if newest is not None else None,
        parts=kept,
        objects=[CopiedObject(row.id, row.bytes, row.id in named) for row in all_objects],
    )


def _copy_tables(connection: sa.Connection, folder: Path) -> None:
    listed: dict[str, list[str]] = {}
    cursor = _cursor(connection)
    for table in tables.metadata.sorted_tables:
        listed[table.name] = [column.name for column in table.columns]
        path = folder / f"{table.name}.copy"
        with (
            open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            cursor.copy(f"COPY {_named(table.name, listed[table.name])} TO STDOUT") as copying,
        ):
            for data in copying:
                file.write(data)
        _sync(path)
    with open(os.open(folder / TABLES_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(listed, file)


def _fill_tables(connection: sa.Connection, folder: Path, version: int) -> None:
    _require_no_tables(connection)
    migrate(connection, version)
    listed: dict[str, list[str]] = json.loads((folder / TABLES_FILE).read_text())
    cursor = _cursor(connection)
    connection.exec_driver_sql("DELETE FROM schema_version")
    for table, columns in listed.items():
        with (
            (folder / f"{table}.copy").open("rb") as file,
            cursor.copy(f"COPY {_named(table, columns)} FROM STDIN") as copying,
        ):
            while block := file.read(1 << 18):
                copying.write(block)
    # what a table is found by stands in no file: it is made from its rows
    for found in tables.metadata.sorted_tables:
        index = found.info.get("index")
        if index is not None and found.name in listed and version >= FOUND_SINCE:
            index.refill(connection)
    connection.exec_driver_sql("DELETE FROM tokens")


def _require_no_tables(connection: sa.Connection) -> None:
    there = set(sa.inspect(connection).get_table_names()) & set(tables.metadata.tables)
    if there:
        raise NotEmpty(f"the database holds a hub's tables already ({', '.join(sorted(there)[:3])} …)")


def _cursor(connection: sa.Connection) -> Any:
    """psycopg's own cursor within the connection's transaction."""
    driver: Any = connection.connection.driver_connection
    return driver.cursor()


def _named(table: str, columns: list[str]) -> str:
    """Our own names only; the two sides are checked against the tables that there are."""
    for name in (table, *columns):
        if not name.isidentifier():
            raise ValueError(f"{name!r} is no name of a table or column")
    return f"{table} ({', '.join(columns)})"


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
