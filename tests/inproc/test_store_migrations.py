"""The schema that migrations make is the one that the code works with."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.store import tables
from hub.store.database import Database, open_database
from hub.store.migrations import STEPS, SchemaTooNew, migrate


def describe(connection: sa.Connection) -> dict[str, object]:
    """Tables, columns, keys and indices as the database has them."""
    inspector = sa.inspect(connection)
    return {
        name: (
            sorted(
                (each["name"], str(each["type"]).split(" COLLATE")[0], each["nullable"])
                for each in inspector.get_columns(name)
            ),
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(
                (str(each["name"]), tuple(each["column_names"]))
                for each in inspector.get_indexes(name)
                if not each["unique"]
            ),
            sorted(tuple(each["column_names"]) for each in inspector.get_unique_constraints(name)),
        )
        for name in sorted(inspector.get_table_names())
    }


def test_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    database = open_database(database_url)
    try:
        with database.reading() as connection:
            migrated = describe(connection)
        with database.writing() as connection:
            tables.metadata.drop_all(connection)
        with database.writing() as connection:
            tables.metadata.create_all(connection)
        with database.reading() as connection:
            assert describe(connection) == migrated
    finally:
        database.close_now()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        database = open_database(database_url)
        with database.reading() as connection:
            rows = connection.execute(sa.select(tables.schema_version.c.version)).scalars().all()
        database.close_now()
        assert rows == list(range(1, len(STEPS) + 1))


def test_a_database_of_a_later_version_is_refused(database_url: str) -> None:
    database = open_database(database_url)
    with database.writing() as connection:
        connection.execute(tables.schema_version.insert(), {"version": len(STEPS) + 1, "at": "later"})
    with pytest.raises(SchemaTooNew), database.writing() as connection:
        migrate(connection)
    database.close_now()
    with pytest.raises(SchemaTooNew):
        open_database(database_url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/hub"])
def test_other_kinds_of_database_are_refused_plainly(url: str) -> None:
    with pytest.raises((ValueError, sa.exc.ArgumentError)):
        Database(url)


def test_sqlite_is_durable_at_each_commit_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'hub.db'}")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("hub.db*")} == {0o600}
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    database.close_now()
