"""A journal at rest: reading it whole for verification and export, and making its projections anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from hub.entry import Entry
from hub.journal.chain import verify_chain
from hub.journal.head import Shortfall, find_shortfall
from hub.journal.ports import Checkpoint, Mark, StoreBroken, Tip
from hub.rules import apply, standing
from hub.state import HubState
from hub.store import sqlite, tables
from hub.store.bulk import Change, run_changes, write
from hub.store.database import Database
from hub.store.journal_store import keep_checkpoint, mark
from hub.store.lock import FileLock, take_advisory
from hub.store.projections import project
from hub.store.rows import (
    all_rows,
    checkpoint_of,
    database_marks,
    entry_of,
    entry_row,
    read_mark,
    read_tip,
)

#: Differences told of one table; a broken projection would have thousands.
MOST_TOLD: Final = 20


class SqlOfflineJournal:
    """An OfflineJournal on one connection, so that all of it is one consistent state, also under a running hub."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def count(self) -> int:
        """See OfflineJournal."""
        query = sa.select(sa.func.count()).select_from(tables.entries)
        return int(self._connection.execute(query).scalar_one())

    def all_entries(self, bad_row: Callable[[int, str], None]) -> Iterator[Entry]:
        """See OfflineJournal."""
        for row in all_rows(self._connection):
            try:
                yield entry_of(row)
            except ValueError as error:
                bad_row(row.seq, str(error))

    def checkpoints(self) -> list[Checkpoint]:
        """See OfflineJournal."""
        rows = self._connection.execute(sa.select(tables.checkpoints).order_by(tables.checkpoints.c.seq))
        return [checkpoint_of(row) for row in rows]

    def signed_up_to(self) -> int:
        """See OfflineJournal."""
        return read_mark(self._connection, "signed")

    def tip(self) -> Tip:
        """The newest entry."""
        return read_tip(self._connection)

    def marks(self) -> list[Mark]:
        """How far the journal had come by what the database keeps beside the entries."""
        return database_marks(self._connection)

    def hash_at(self, seq: int) -> str | None:
        """The hash of the entry with this number, None without one."""
        found = sa.select(tables.entries.c.hash).where(tables.entries.c.seq == seq)
        return self._connection.execute(found).scalar()

    def projection_differences(self, entries: Iterable[Entry]) -> Iterator[str]:
        """See OfflineJournal: a rebuild in memory is compared row by row with what is there."""
        tip, seen = read_tip(self._connection).seq, read_mark(self._connection)
        if tip != seen:
            yield f"the projections stand at entry {seen}, the journal ends at {tip}"
        engine = sa.create_engine("sqlite://", module=sqlite.driver(), poolclass=StaticPool)
        failed: list[str] = []
        try:
            tables.metadata.create_all(engine, tables=list(tables.PROJECTIONS))
            with engine.begin() as fresh:
                run_changes(fresh, _projected(entries, failed.append))
            yield from failed
            with engine.connect() as fresh:
                for table in tables.PROJECTIONS:
                    yield from _compare(table, _rows(self._connection, table), _rows(fresh, table))
                    yield from _unlike_index(self._connection, table)
        finally:
            engine.dispose()


@contextmanager
def offline_journal(database: Database) -> Iterator[SqlOfflineJournal]:
    """The journal of this database, for reading."""
    with database.reading() as connection:
        yield SqlOfflineJournal(connection)


def rebuild(database: Database, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Empty the projections and fill them again from the entries, in one transaction. Returns how many entries.

    Raises StoreBusy while a hub runs on the database, StoreBroken when the chain does not hold: then nothing is changed.
    """
    with _alone(database) as connection:
        return _rebuild(connection, progress)


def go_on(
    database: Database,
    marks: Sequence[Mark],
    entry_for: Callable[[Shortfall], Entry | None],
    sign: Callable[[Tip], Checkpoint],
) -> Checkpoint | None:
    """Have a journal that lost entries go on: append the entry that says so, and make the projections anew, in one transaction.

    `marks` are those beside the database. `entry_for` is told what is missing and returns the entry, or None to leave all as
    it is; it is not called when nothing is missing. Returns the entry's checkpoint, made by `sign` and kept in the database.
    Answers to commands whose entries are lost go too: sent again, those commands are carried out. Raises as `rebuild` does.
    """
    with _alone(database) as connection:
        journal = SqlOfflineJournal(connection)
        tip = journal.tip()
        shortfall = find_shortfall(tip, [*marks, *journal.marks()], journal.hash_at)
        entry = entry_for(shortfall) if shortfall is not None else None
        if entry is None:
            return None
        write(connection, {tables.entries: [entry_row(entry)]}, [])
        connection.execute(tables.commands.delete().where(tables.commands.c.seq > tip.seq))
        _rebuild(connection, lambda done, total: None)
        checkpoint = sign(Tip(entry.seq, entry.hash, entry.at))
        keep_checkpoint(connection, checkpoint)
        return checkpoint


@contextmanager
def _alone(database: Database) -> Iterator[sa.Connection]:
    """A write transaction while no hub runs on the database, and none can be started. Raises StoreBusy."""
    lock = FileLock(database.path) if database.path is not None else None
    if lock is not None:
        lock.take()
    try:
        with database.writing() as connection:
            if lock is None:
                take_advisory(connection, "xact_")
            yield connection
    finally:
        if lock is not None:
            lock.free()


def _rebuild(connection: sa.Connection, progress: Callable[[int, int], None]) -> int:
    journal = SqlOfflineJournal(connection)
    total, done = journal.count(), 0
    bad: list[str] = []
    for table in tables.PROJECTIONS:
        connection.execute(table.delete())
        if (index := table.info.get("index")) is not None:
            index.clear(connection)
    bad += [broken.text for broken in verify_chain(journal.all_entries(lambda seq, text: bad.append(text)))]
    if bad:
        raise StoreBroken(f"the journal is broken, nothing was changed: {bad[0]}")

    def changes() -> Iterator[Change]:
        nonlocal done
        state = HubState()
        for done, entry in enumerate(journal.all_entries(lambda seq, text: None), start=1):
            if done % 1000 == 0:
                progress(done, total)
            apply(state, entry)
            yield from project(entry, standing(state, entry))

    piece: list[Change] = []
    for change in chain(changes(), [mark(read_tip(connection).seq)]):
        piece.append(change)
        if len(piece) >= 5000:
            run_changes(connection, piece)
            piece.clear()
    run_changes(connection, piece)
    progress(done, total)
    return done


def _projected(entries: Iterable[Entry], failed: Callable[[str], None]) -> Iterator[Change]:
    state = HubState()
    for entry in entries:
        try:
            apply(state, entry)
            changes = list(project(entry, standing(state, entry)))
        except (KeyError, TypeError, ValueError) as error:
            failed(f"entry {entry.seq} ({entry.kind}) cannot be projected: {error!r}")
            continue
        yield from changes


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """(primary key, row) in the order of the key, the same in both kinds of database."""
    key = [column.name for column in table.primary_key.columns]
    ordered = sa.select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(ordered, execution_options={"yield_per": 2000}).mappings():
        yield tuple(row[name] for name in key), dict(row)


def _compare(
    table: sa.Table,
    there: Iterator[tuple[tuple[Any, ...], dict[str, Any]]],
    right: Iterator[tuple[tuple[Any, ...], dict[str, Any]]],
) -> Iterator[str]:
    """Walk both in step; say what is too much, missing or different, at most MOST_TOLD times."""
    told = 0
    mine, wanted = next(there, None), next(right, None)
    while (mine is not None or wanted is not None) and told < MOST_TOLD:
        if wanted is None or (mine is not None and mine[0] < wanted[0]):
            assert mine is not None
            text, mine = f"{table.name} {_named(mine[0])} comes from no entry", next(there, None)
        elif mine is None or wanted[0] < mine[0]:
            text, wanted = f"{table.name} {_named(wanted[0])} is missing", next(right, None)
        else:
            names = [name for name in wanted[1] if mine[1][name] != wanted[1][name]]
            text = f"{table.name} {_named(wanted[0])} differs in {', '.join(names)}" if names else ""
            mine, wanted = next(there, None), next(right, None)
        if text:
            told += 1
            yield text
    if told == MOST_TOLD:
        yield f"{table.name}: further differences are not listed"


def _unlike_index(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    index = table.info.get("index")
    if index is not None and (lacking := index.lacking(connection)):
        yield f"{table.name}: the index of words is {lacking} rows apart from it; `hub journal rebuild` makes it anew"


def _named(key: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in key)
