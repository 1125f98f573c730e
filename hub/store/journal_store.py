"""The journal's tables behind `hub.journal.ports.JournalStore`, on SQLite and on PostgreSQL."""

from __future__ import annotations

import functools
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.entry import Entry
from hub.errors import Refusal
from hub.journal.ports import (
    AnswerRow,
    Batch,
    Checkpoint,
    CommandKey,
    Mark,
    Replayed,
    StoreBroken,
    StoreBusy,
    StoreLost,
    Tip,
)
from hub.space import free_bytes
from hub.store import tables
from hub.store.bulk import Change, run_changes, write
from hub.store.camera_batches import camera_effects
from hub.store.clearing_rows import list_effects
from hub.store.copy_rows import copy_effects
from hub.store.custody_rows import custody_effects
from hub.store.database import Database
from hub.store.device_rows import device_effects
from hub.store.house import effects
from hub.store.job_rows import job_effects
from hub.store.lock import FileLock, take_advisory
from hub.store.projections import project
from hub.store.registry_rows import registry_effects
from hub.store.rows import PIECE, database_marks, entry_of, entry_row, read_mark, read_tip
from hub.store.sweep_rows import sweep_effects

log = logging.getLogger(__name__)
T = TypeVar("T")

_MARK: Final = "INSERT INTO marks (name, seq) VALUES ('projections', :seq) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq"
_SIGNED: Final = "INSERT INTO marks (name, seq) VALUES ('signed', :seq) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq"
_PROBE: Final = (
    "INSERT INTO marks (name, seq) VALUES ('probe', :seq) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq"
)
#: With less room than this beside an SQLite database it counts as full: a few commands take as much.
ROOM_BYTES: Final = 1 << 20
#: Hashes read at a time when the tree begins anew.
HASHES: Final = 20_000
_ANSWERS: Final = {
    "sqlite": """SELECT c.* FROM json_each(:keys) AS k
        CROSS JOIN commands AS c ON c.account = json_extract(k.value, '$[0]') AND c.id = json_extract(k.value, '$[1]')""",
    "postgresql": """SELECT c.* FROM json_array_elements(CAST(:keys AS json)) AS k
        JOIN commands AS c ON c.account = k ->> 0 AND c.id = k ->> 1""",
}


def mark(seq: int) -> Change:
    """The change that says how far the projections have come."""
    return _MARK, {"seq": seq}


def keep_checkpoint(connection: sa.Connection, checkpoint: Checkpoint) -> None:
    """Put a checkpoint beside the journal, and note that there is one."""
    row = {
        "seq": checkpoint.seq,
        "hash": checkpoint.hash,
        "at": to_wire(checkpoint.at),
        "key": checkpoint.key,
        "signature": checkpoint.signature,
        "size": checkpoint.size,
        "root": checkpoint.root,
    }
    connection.execute(tables.checkpoints.delete().where(tables.checkpoints.c.seq == checkpoint.seq))
    connection.execute(tables.checkpoints.insert(), row)
    connection.execute(sa.text(_SIGNED), {"seq": checkpoint.seq})


class SqlJournalStore:
    """A JournalStore. Holds one connection of its own for writing, and with it the right to write."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sa.Connection | None = None
        self._file_lock = FileLock(database.path) if database.path is not None else None

    async def open(self) -> Tip:
        """See JournalStore."""

        def work() -> Tip:
            tip = self._connect()
            connection = self._connected()
            with connection.begin():
                seen = read_mark(connection)
            # Projections that are ahead are a mark of entries that were lost: see `marks`.
            if seen < tip.seq:
                raise StoreBroken(
                    f"the journal ends at entry {tip.seq} but its projections at {seen}: "
                    "run `hub journal verify`, and `hub journal rebuild` if the journal is whole"
                )
            return tip

        try:
            return await self._database.in_writer(lambda: _lost(work))
        except BaseException:
            await self.close()
            raise

    async def marks(self) -> list[Mark]:
        """See JournalStore: the projections, and the newest checkpoint."""

        def work(connection: sa.Connection) -> list[Mark]:
            return database_marks(connection)

        return await self._read(work)

    async def recover(self) -> Tip:
        """See JournalStore."""

        def work() -> Tip:
            self._disconnect()
            return self._connect()

        return await self._database.in_writer(lambda: _lost(work))

    async def close(self) -> None:
        """See JournalStore."""

        def work() -> None:
            self._disconnect()
            if self._file_lock is not None:
                self._file_lock.free()

        await self._database.in_writer(work)

    async def append(self, batch: Batch) -> None:
        """See JournalStore."""
        await self._database.in_writer(lambda: _lost(lambda: self._append(batch)))

    async def probe(self) -> None:
        """See JournalStore. What is written is a number in a mark of its own, another one each time."""
        await self._database.in_writer(lambda: _lost(self._probe))

    async def load_open(self) -> AsyncIterator[Replayed]:
        """See JournalStore."""
        last = 0
        while True:
            piece = await self._read(functools.partial(_load_open, after=last))
            for replayed in piece:
                yield replayed
            if len(piece) < PIECE:
                return
            last = piece[-1].entry.seq

    async def answers(self, keys: Sequence[CommandKey]) -> list[AnswerRow]:
        """See JournalStore."""
        wanted = json.dumps([[key.account, key.id] for key in keys])

        def work(connection: sa.Connection) -> list[AnswerRow]:
            rows = connection.execute(sa.text(_ANSWERS[connection.dialect.name]), {"keys": wanted})
            return [
                AnswerRow(
                    CommandKey(row.account, row.id),
                    bytes.fromhex(row.digest),
                    row.seq,
                    row.first_seq,
                    from_wire(row.at),
                )
                for row in rows
            ]

        return await self._read(work)

    async def entries(self, first_seq: int, last_seq: int) -> list[Entry]:
        """See JournalStore."""
        query = (
            sa.select(tables.entries)
            .where(tables.entries.c.seq.between(first_seq, last_seq))
            .order_by(tables.entries.c.seq)
        )
        return await self._read(lambda connection: [entry_of(row) for row in connection.execute(query)])

    async def hashes(self, after: int) -> AsyncIterator[list[str]]:
        """See JournalStore."""
        while piece := await self._read(functools.partial(_hashes, after=after)):
            yield [each for _, each in piece]
            after = piece[-1][0]

    async def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """See JournalStore."""

        def work() -> None:
            connection = self._connected()
            with connection.begin():
                keep_checkpoint(connection, checkpoint)

        await self._database.in_writer(lambda: _lost(work))

    async def _read(self, work: Callable[[sa.Connection], T]) -> T:
        try:
            return await self._database.read(work)
        except (Refusal, sa.exc.DBAPIError) as error:
            raise StoreLost(str(error)) from error

    # Everything below runs in the writer thread.

    def _connected(self) -> sa.Connection:
        if self._connection is None:
            raise StoreLost("not connected")
        return self._connection

    def _connect(self) -> Tip:
        if self._file_lock is not None:
            self._file_lock.take()
        connection = self._database.engine.connect().execution_options(immediate=True)
        connection.detach()  # never shared: the lock lives and dies with it
        self._connection = connection
        if not self._database.is_sqlite:
            with connection.begin():
                take_advisory(connection)
                for name, value in (("synchronous_commit", "on"), ("statement_timeout", "30000")):
                    current = connection.execute(sa.text(f"SHOW {name}")).scalar()
                    if current in ("off", "0"):
                        connection.execute(sa.text(f"SET {name} = {value}"))
        with connection.begin():
            return read_tip(connection)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:
                log.debug("closing a broken connection failed", exc_info=True)

    def _probe(self) -> None:
        path = self._database.path
        if path is not None and (free := free_bytes(path.parent)) < ROOM_BYTES:
            # One page may still find a place where the next command does not.
            raise StoreLost(f"only {free >> 10} KiB are free where the database stands")
        connection = self._connected()
        with connection.begin():
            # Another number: what is the same already is not written by SQLite.
            connection.execute(sa.text(_PROBE), {"seq": time.time_ns() // 1000})

    def _append(self, batch: Batch) -> None:
        connection = self._connected()
        with connection.begin():
            new = {
                tables.entries: [entry_row(entry) for entry in batch.entries],
                tables.commands: [_answer_row(answer) for answer in batch.answers],
            }
            write(connection, new, [])
            if batch.entries:
                changes: Iterator[Change] = chain.from_iterable(map(project, batch.entries, batch.standings))
                ended = chain.from_iterable(
                    chain(
                        effects(entry),
                        list_effects(entry),
                        job_effects(entry),
                        camera_effects(entry),
                        copy_effects(entry),
                        custody_effects(entry),
                        registry_effects(entry),
                        sweep_effects(entry),
                        device_effects(entry),
                    )
                    for entry in batch.entries
                )
                run_changes(connection, chain(changes, ended, [mark(batch.entries[-1].seq)]))


def _lost(work: Callable[[], T]) -> T:
    """Run `work`; whatever goes wrong inside is a StoreLost to the journal, which then looks at what is there."""
    try:
        return work()
    except (StoreLost, StoreBusy, StoreBroken):
        raise
    except Exception as error:
        raise StoreLost(str(error)) from error


def _answer_row(answer: AnswerRow) -> tuple[Any, ...]:
    return (
        answer.key.account,
        answer.key.id,
        answer.digest.hex(),
        answer.seq,
        answer.first_seq,
        to_wire(answer.at),
    )


def _hashes(connection: sa.Connection, after: int) -> list[tuple[int, str]]:
    entries = tables.entries.c
    query = sa.select(entries.seq, entries.hash).where(entries.seq > after).order_by(entries.seq)
    return [(row.seq, row.hash) for row in connection.execute(query.limit(HASHES))]


def _load_open(connection: sa.Connection, after: int) -> list[Replayed]:
    entries, subjects = tables.entries, tables.subjects.c
    query = (
        sa.select(entries, subjects.open)
        .join(tables.subjects, entries.c.seq == subjects.seq)
        .where(subjects.seq > after)
        .order_by(subjects.seq)
        .limit(PIECE)
    )
    return [Replayed(entry_of(row), row.open) for row in connection.execute(query)]
