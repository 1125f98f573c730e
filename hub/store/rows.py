"""Entries and checkpoints as rows, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.entry import Actor, Entry
from hub.journal.chain import GENESIS, json_text
from hub.journal.ports import Checkpoint, Mark, Tip
from hub.store import tables

#: Entries read at a time when all are read.
PIECE: Final = 2_000


def entry_row(entry: Entry) -> tuple[Any, ...]:
    """An entry in the order of the table's columns."""
    return (
        entry.seq,
        to_wire(entry.at),
        entry.actor.account,
        entry.actor.center,
        entry.kind,
        entry.meeting,
        json_text(entry.audience),
        json_text(entry.data if type(entry.data) is dict else dict(entry.data)),
        entry.alg,
        entry.prev,
        entry.hash,
    )


def entry_of(row: Any) -> Entry:
    """The entry in a row of `entries`. Raises ValueError naming the row when it holds no entry."""
    try:
        return Entry(
            row.seq,
            from_wire(row.at),
            Actor(row.account, row.center),
            row.kind,
            row.meeting,
            tuple(json.loads(row.audience)),
            json.loads(row.data),
            row.alg,
            row.prev,
            row.hash,
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"row {row.seq} is no entry: {error}") from error


def read_tip(connection: sa.Connection) -> Tip:
    """The newest entry."""
    entries = tables.entries.c
    row = connection.execute(
        sa.select(entries.seq, entries.hash, entries.at).order_by(entries.seq.desc()).limit(1)
    ).first()
    return Tip(row.seq, row.hash, from_wire(row.at)) if row else Tip(0, GENESIS, None)


def read_mark(connection: sa.Connection, name: str = "projections") -> int:
    """Number of the entry that the projections have followed to, or another mark; 0 where there is none."""
    mark = tables.marks.c
    return connection.execute(sa.select(mark.seq).where(mark.name == name)).scalar() or 0


def database_marks(connection: sa.Connection) -> list[Mark]:
    """How far the journal had come by the projections and by the newest checkpoint in the database."""
    marks = [Mark(read_mark(connection), "", "the database's tables for reading")]
    newest = sa.select(tables.checkpoints).order_by(tables.checkpoints.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    if row is not None:
        marks.append(Mark(row.seq, row.hash, f"signed at {row.at}, database"))
    return marks


def all_rows(connection: sa.Connection) -> Iterator[Any]:
    """Every row of `entries` by seq, in pieces, so that a long journal needs little memory."""
    last = None
    while True:
        query = sa.select(tables.entries).order_by(tables.entries.c.seq).limit(PIECE)
        if last is not None:
            query = query.where(tables.entries.c.seq > last)
        rows = connection.execute(query).all()
        yield from rows
        if len(rows) < PIECE:
            return
        last = rows[-1].seq


def checkpoint_of(row: Any) -> Checkpoint:
    """The checkpoint in a row of `checkpoints`. Raises ValueError."""
    return Checkpoint(row.seq, row.hash, from_wire(row.at), row.key, row.signature, row.size, row.root)
