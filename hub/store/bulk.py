"""Many statements, fast: plain SQL with named values, run on the driver's own cursor.

SQLAlchemy's Core spends 30–40 µs on building each statement, which would be most of the cost of a command. So the one
hot path, the journal's transaction, hands prepared text and rows straight to the driver, in the same connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

#: A statement with ``:name`` values, and the values.
Change = tuple[str, Mapping[str, Any]]

_NAME: Final = re.compile(r":([a-z_0-9]+)")
#: Changes grouped and sent together; bounds memory when a whole journal is projected.
_PIECE: Final = 5_000


def insert_into(table: sa.Table) -> str:
    """An INSERT of one row with all columns of `table`, values named like the columns."""
    names = [column.name for column in table.columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"  # noqa: S608


@cache
def _pyformat(statement: str) -> str:
    """The statement as psycopg wants it."""
    return _NAME.sub(r"%(\1)s", statement)


def run_changes(connection: sa.Connection, changes: Iterable[Change]) -> None:
    """Run the changes in their order, in the connection's transaction.

    PostgreSQL gets them in one pipeline, so that a batch waits for the network once and not once a statement.
    """
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    try:
        if connection.dialect.name == "sqlite":
            for statement, group in groupby(changes, key=itemgetter(0)):
                cursor.executemany(statement, [values for _, values in group])
        else:
            pending: list[Change] = []
            for change in changes:
                pending.append(change)
                if len(pending) >= _PIECE:
                    _pipeline(driver, cursor, pending)
                    pending.clear()
            if pending:
                _pipeline(driver, cursor, pending)
    finally:
        cursor.close()


def _pipeline(driver: Any, cursor: Any, changes: Sequence[Change]) -> None:
    with driver.pipeline():
        for statement, group in groupby(changes, key=itemgetter(0)):
            rows = [values for _, values in group]
            if len(rows) == 1:
                cursor.execute(_pyformat(statement), rows[0])
            else:
                cursor.executemany(_pyformat(statement), rows)


def add_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows given in the order of the table's columns: COPY on PostgreSQL, one prepared INSERT on SQLite."""
    if not rows:
        return
    driver = connection.connection.dbapi_connection
    assert driver is not None
    names = ", ".join(column.name for column in table.columns)
    cursor = driver.cursor()
    try:
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(table.columns))
            cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)  # noqa: S608
        else:
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    finally:
        cursor.close()
