"""Many rows, fast: plain SQL with named values, run on the driver's own cursor.

SQLAlchemy's Core spends 30–40 µs on each statement, which would be most of the cost of a command. So the one hot path, the
journal's transaction, hands rows straight to the driver, in the same connection.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

#: A new row of a table; or a statement with ``:name`` values, and the values.
Change = tuple[sa.Table | str, Mapping[str, Any]]

_NAME: Final = re.compile(r":([a-z_0-9]+)")
#: From this many rows on, COPY is worth its round trips.
_COPY_FROM: Final = 8
#: Changes held in memory at a time when a whole journal is projected.
_PIECE: Final = 5_000


def insert_sql(table: sa.Table) -> str:
    """An INSERT of one row with all columns of `table`, values named like the columns."""
    names = _names(table)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"  # noqa: S608


def _names(table: sa.Table) -> list[str]:
    return [column.name for column in table.columns]


def run_changes(connection: sa.Connection, changes: Iterable[Change]) -> None:
    """Run any number of changes in the connection's transaction, in pieces; see `write`."""
    new: defaultdict[sa.Table, list[tuple[Any, ...]]] = defaultdict(list)
    ordered: list[tuple[str, Mapping[str, Any]]] = []
    for count, (what, values) in enumerate(changes, start=1):
        if isinstance(what, str):
            ordered.append((what, values))
        else:
            new[what].append(_row_of(what)(values))
        if count % _PIECE == 0:
            write(connection, new, ordered)
            new.clear()
            ordered.clear()
    write(connection, new, ordered)


def write(
    connection: sa.Connection,
    new: Mapping[sa.Table, Sequence[tuple[Any, ...]]],
    ordered: Sequence[tuple[str, Mapping[str, Any]]],
) -> None:
    """First add all new rows (in the order of their table's columns), then run the statements in their order.

    That is the same as running everything in order, as long as no statement reaches a row that is new only later.
    PostgreSQL gets everything but COPY in one pipeline: a batch waits for the network once, not once a statement.
    """
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    try:
        if connection.dialect.name == "sqlite":
            for table, rows in new.items():
                cursor.executemany(_insert_by_place(table, "?"), rows)
                if (index := table.info.get("index")) is not None:
                    index.add(cursor, "sqlite", rows)
            for statement, values in _grouped(ordered):
                cursor.executemany(statement, values)
            return
        new = {table: _with_places(table, rows) for table, rows in new.items()}
        few = {table: rows for table, rows in new.items() if len(rows) < _COPY_FROM}
        for table, rows in new.items():
            if table not in few:
                with cursor.copy(f"COPY {table.name} ({', '.join(_all_names(table))}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        with driver.pipeline():
            for table, rows in few.items():
                cursor.executemany(_insert_by_place(table, "%s"), rows)
            for statement, values in _grouped(ordered):
                cursor.executemany(_pyformat(statement), values)
    finally:
        cursor.close()


def _grouped(
    ordered: Sequence[tuple[str, Mapping[str, Any]]],
) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Neighbours with the same statement together."""
    for statement, group in groupby(ordered, key=itemgetter(0)):
        yield statement, [values for _, values in group]


@cache
def _row_of(table: sa.Table) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    return itemgetter(*_names(table))


def _with_places(table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """Rows for PostgreSQL: what is found by its words has them in a column of its own."""
    index = table.info.get("index")
    return rows if index is None else [index.with_places(row) for row in rows]


def _all_names(table: sa.Table) -> list[str]:
    return [*_names(table), "grams"] if "index" in table.info else _names(table)


@cache
def _insert_by_place(table: sa.Table, mark: str) -> str:
    names = _names(table) if mark == "?" else _all_names(table)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"  # noqa: S608


@cache
def _pyformat(statement: str) -> str:
    """The statement as psycopg wants it."""
    return _NAME.sub(r"%(\1)s", statement)
