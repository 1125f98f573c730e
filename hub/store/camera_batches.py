"""Lists of cameras that come in as a whole, and go as a whole: written a piece at a time, there for all at one moment.

Of a batch that is `loading` or `undone` nobody sees a camera. It becomes `live` in the transaction that writes its entry, and
`undone` in that of the entry which takes it back; what is left then of its rows is swept away, a piece at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import sqlalchemy as sa

from hub.cameras.batches import Batch, Brought
from hub.clock import Clock, to_wire
from hub.entry import Entry
from hub.store import tables
from hub.store.bulk import Change
from hub.store.camera_rows import in_codes, next_row, take_rows, visible
from hub.store.database import Database
from hub.store.text_index import vector

#: Rows that are written, and swept away, in one transaction: others wait for the writer meanwhile.
PIECE: Final = 500
_cameras, _batches, _secrets = tables.cameras.c, tables.camera_batches.c, tables.camera_secrets.c
_LIVE: Final = (
    "UPDATE camera_batches SET state = 'live', cameras = :cameras, centers = :centers, left_out = :left_out,"
    " digest = :digest WHERE id = :batch"
)
_UNDONE: Final = "UPDATE camera_batches SET state = 'undone' WHERE id = :batch"
_ROW: Final = [column.name for column in tables.cameras.columns]


def camera_effects(entry: Entry) -> Iterator[Change]:
    """What an entry does to the table of batches when it is written, and never again. No projection."""
    data = entry.data
    if entry.kind == "camera.imported":
        names = ("batch", "cameras", "centers", "left_out", "digest")
        yield _LIVE, {name: data[name] for name in names}
    elif entry.kind == "camera.import_undone":
        yield _UNDONE, {"batch": data["batch"]}


class Batches:
    """The table `camera_batches`, and the rows of its lists."""

    def __init__(
        self, database: Database, clock: Clock, changed: Callable[[frozenset[str] | None], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._changed = changed

    async def begin(self, batch: str, center: str, account: str, name: str) -> None:
        """A list is about to come."""
        row = {"id": batch, "center": center, "account": account, "name": name, "at": to_wire(self._clock())}
        more = {"state": "loading", "cameras": 0, "centers": 0, "left_out": 0, "digest": ""}
        await self._database.write(
            lambda connection: connection.execute(tables.camera_batches.insert(), {**row, **more})
        )

    async def known(self, codes: Collection[str], marks: Collection[str]) -> tuple[set[str], set[str]]:
        """Which of these numbers and marks of addresses a camera of the directory has."""

        def work(connection: sa.Connection) -> tuple[set[str], set[str]]:
            dialect = connection.dialect.name
            live = visible(connection)
            by_code = sa.select(_cameras.code).where(in_codes(_cameras.code, codes, dialect), *live)
            there = sa.exists().where(_cameras.id == _secrets.camera, *live)
            by_mark = sa.select(_secrets.mark).where(in_codes(_secrets.mark, marks, dialect), there)
            return (
                set(connection.execute(by_code).scalars()),
                set(connection.execute(by_mark).scalars()),
            )

        return await self._database.read(work)

    async def add(self, brought: Sequence[Brought]) -> None:
        """Some of its cameras."""
        await self._database.write(lambda connection: _add(connection, brought))

    async def get(self, batch: str) -> Batch | None:
        """One of them."""
        query = sa.select(tables.camera_batches).where(_batches.id == batch)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else Batch(*row)

    async def recent(self, since: datetime, limit: int = 20) -> list[Batch]:
        """Those that are there and came since then, the newest first."""
        query = (
            sa.select(tables.camera_batches)
            .where(_batches.state == "live", _batches.at >= to_wire(since))
            .order_by(_batches.at.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [Batch(*row) for row in rows]

    async def count(self, batch: str) -> int:
        """How many of its cameras are there still."""
        query = sa.select(sa.func.count()).where(_cameras.batch == batch)
        return int(await self._database.read(lambda connection: connection.execute(query).scalar_one()))

    def told(self) -> None:
        """The journal told of a list that came or went: who listens asks again."""
        self._changed(None)

    async def sweep(self, coming: Collection[str], *, pause_s: float = 0.02) -> int:
        """Take away the rows of lists that were taken back, and of those that never came whole, but for those that are
        `coming` now. How many."""
        query = sa.select(_batches.id).where(_batches.state != "live", _batches.id.not_in(sorted(coming)))
        gone = 0
        for batch in await self._database.read(lambda connection: connection.execute(query).scalars().all()):
            while taken := await self._database.write(partial(_take, batch)):
                gone += taken
                await asyncio.sleep(pause_s)
            await self._database.write(partial(_forget, batch))
        return gone


def _forget(batch: str, connection: sa.Connection) -> None:
    connection.execute(tables.camera_batches.delete().where(_batches.id == batch))


def _take(batch: str, connection: sa.Connection) -> int:
    query = sa.select(tables.cameras).where(_cameras.batch == batch).order_by(_cameras.row).limit(PIECE)
    rows = connection.execute(query).all()
    if rows:
        take_rows(connection, rows)
    return len(rows)


def _add(connection: sa.Connection, brought: Sequence[Brought]) -> None:
    """On the driver's own cursor, as `hub.store.bulk`; the words were made where the file was read."""
    first = next_row(connection)
    numbered = list(enumerate(brought, start=first))
    rows = [tuple(number if name == "row" else each.row[name] for name in _ROW) for number, each in numbered]
    tags = [(tag, number) for number, each in numbered for tag in dict.fromkeys(each.tags)]
    secrets = [(each.row["id"], each.mark, each.sealed) for each in brought]
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    try:
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(_ROW))
            cursor.executemany(f"INSERT INTO cameras ({', '.join(_ROW)}) VALUES ({marks})", rows)  # noqa: S608
            cursor.executemany(
                "INSERT INTO cameras_index (rowid, grams) VALUES (?, ?)",
                [(number, each.grams) for number, each in numbered],
            )
            cursor.executemany("INSERT INTO camera_tags (tag, row) VALUES (?, ?)", tags)
            cursor.executemany("INSERT INTO camera_secrets (camera, mark, sealed) VALUES (?, ?, ?)", secrets)
            return
        indexed = [(*row, vector(each.grams.split())) for row, each in zip(rows, brought, strict=True)]
        for columns, new in (
            (f"cameras ({', '.join([*_ROW, 'grams'])})", indexed),
            ("camera_tags (tag, row)", tags),
            ("camera_secrets (camera, mark, sealed)", secrets),
        ):
            with cursor.copy(f"COPY {columns} FROM STDIN") as copy:
                for values in new:
                    copy.write_row(values)
    finally:
        cursor.close()
