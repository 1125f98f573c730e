"""The index of words beside a table of texts: FTS5 without content on SQLite, a column of places with GIN on PostgreSQL.

It is written with the row, in the same transaction, and made of nothing but the row. What both databases look for is the
same: grams (`hub.directory.grams`) that stand side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from hub.directory.grams import asked

Row = Sequence[Any]
#: Rows indexed at a time when all are.
_PIECE: Final = 2_000


def making(table: str) -> dict[str, tuple[str, ...]]:
    """What makes the index of a table, in each kind of database."""
    return {
        "sqlite": (f"CREATE VIRTUAL TABLE {table}_index USING fts5(grams, content='', tokenize='ascii')",),
        "postgresql": (
            f"ALTER TABLE {table} ADD COLUMN grams TSVECTOR",
            f"CREATE INDEX {table}_grams ON {table} USING gin (grams) WITH (gin_pending_list_limit = 1024)",
        ),
    }


@dataclass(frozen=True, slots=True)
class TextIndex:
    """Of one table, whose first column is a number that rows are known by."""

    table: sa.Table
    #: The grams of a row, which is in the order of the table's columns.
    grams: Callable[[Row], list[str]]

    @property
    def key(self) -> sa.ColumnElement[int]:
        return next(iter(self.table.columns))

    def attach(self) -> None:
        """Have the index made and dropped with its table, and filled with its rows (`hub.store.bulk`)."""
        name = self.table.name
        self.table.info["index"] = self

        def make(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
            for statement in making(name)[connection.dialect.name]:
                connection.exec_driver_sql(statement)

        def drop(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}_index")

        sa.event.listen(self.table, "after_create", make)
        sa.event.listen(self.table, "before_drop", drop)

    def add(self, cursor: Any, dialect: str, rows: Sequence[Row]) -> None:
        """Put rows that were just added into the index. On PostgreSQL they get the column that they lack."""
        if dialect == "sqlite":
            cursor.executemany(
                f"INSERT INTO {self.table.name}_index (rowid, grams) VALUES (?, ?)",  # noqa: S608
                [(row[0], " ".join(self.grams(row))) for row in rows],
            )
        else:
            cursor.executemany(
                f"UPDATE {self.table.name} SET grams = CAST(%s AS tsvector) WHERE {self.key.name} = %s",  # noqa: S608
                [(vector(self.grams(row)), row[0]) for row in rows],
            )

    def with_places(self, row: Row) -> Row:
        """A row of PostgreSQL with its grams, behind all other columns."""
        return (*row, vector(self.grams(row)))

    def clear(self, connection: sa.Connection) -> None:
        """Forget all rows; those of the table are gone already or go by themselves."""
        if connection.dialect.name == "sqlite":
            name = f"{self.table.name}_index"
            connection.exec_driver_sql(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")  # noqa: S608

    def remove(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        """Forget these rows, which the table holds no longer."""
        if connection.dialect.name == "sqlite":
            name = f"{self.table.name}_index"
            for row in rows:
                connection.exec_driver_sql(
                    f"INSERT INTO {name} ({name}, rowid, grams) VALUES ('delete', ?, ?)",  # noqa: S608
                    (row[0], " ".join(self.grams(row))),
                )

    def refill(self, connection: sa.Connection) -> None:
        """Index every row of the table anew."""
        self.clear(connection)
        cursor = connection.connection.cursor()
        try:
            last: int | None = None
            while True:
                query = sa.select(self.table).order_by(self.key).limit(_PIECE)
                rows = connection.execute(query if last is None else query.where(self.key > last)).all()
                if not rows:
                    return
                self.add(cursor, connection.dialect.name, [tuple(row) for row in rows])
                last = rows[-1][0]
        finally:
            cursor.close()

    def lacking(self, connection: sa.Connection) -> int:
        """How many rows of the table the index does not hold, or holds too much."""
        name = self.table.name
        on_sqlite = connection.dialect.name == "sqlite"
        indexed = f"{name}_index_docsize" if on_sqlite else f"{name} WHERE grams IS NOT NULL"
        rows, held = (
            int(connection.exec_driver_sql(f"SELECT count(*) FROM {of}").scalar_one())  # noqa: S608
            for of in (name, indexed)
        )
        return abs(rows - held)

    def matches(self, dialect: str, words: str) -> sa.ColumnElement[bool]:
        """Rows that hold all these words."""
        wanted = asked(words)
        if not wanted:
            return sa.false()
        if dialect == "sqlite":
            index = sa.table(
                f"{self.table.name}_index", sa.column("rowid"), sa.column(f"{self.table.name}_index")
            )
            found = sa.select(index.c.rowid).where(
                index.c[f"{self.table.name}_index"].op("MATCH")(match(wanted))
            )
            return self.key.in_(found)
        column: sa.ColumnElement[Any] = sa.literal_column(f"{self.table.name}.grams")
        return column.op("@@")(sa.cast(sa.literal(query(wanted), sa.Text), TSQUERY))


class TSQUERY(sa.types.UserDefinedType[str]):
    """What PostgreSQL looks for."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "TSQUERY"


def vector(all_grams: Iterable[str]) -> str:
    """Grams with their places, as PostgreSQL reads them. Grams hold letters and digits alone."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, gram in enumerate(all_grams, start=1):
        places[gram].append(str(place))
    return " ".join(f"'{gram}':{','.join(at)}" for gram, at in places.items())


def match(wanted: Iterable[Sequence[str]]) -> str:
    """What FTS5 looks for: phrases, all of them; of one character whatever begins with it."""
    return " AND ".join(f'"{" ".join(run)}"' if len(run[0]) > 1 else f'"{run[0]}" *' for run in wanted)


def query(wanted: Iterable[Sequence[str]]) -> str:
    """The same for PostgreSQL."""
    return " & ".join(
        "(" + " <-> ".join(f"'{gram}'" for gram in run) + ")" if len(run[0]) > 1 else f"'{run[0]}':*"
        for run in wanted
    )
