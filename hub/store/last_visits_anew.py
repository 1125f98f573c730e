"""The last visits of households of which something was put right or settled, made anew from their entries.

The step that began to keep last visits (m0049) took what visits said and knew nothing of what had been put right since.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from hub.entry import Entry
from hub.grids.catalog import VILLAGE_DIGITS
from hub.store import tables
from hub.store.bulk import Change, run_changes
from hub.store.camera_rows import in_codes, in_listed
from hub.store.rows import entry_of
from hub.store.sweep_rows import last_visit

_rows = tables.sweep_rows.c
_visits = tables.visits.c
_last = tables.last_visits.c
_households = tables.households.c
_entries = tables.entries.c


def last_visits_anew(connection: sa.Connection) -> None:
    """Replay what was said of these households over what stands there, in the caller's transaction.

    The newest visit comes last and has the last word, as when it was written. Rows of sweeps whose answers are gone are
    nobody's any more, and what stands there of them stays.
    """
    put_right = (
        sa.select(tables.entries)
        .where(_entries.kind.in_(("visit.corrected", "visit.settled")))
        .order_by(_entries.seq)
    )
    changed = [entry_of(row) for row in connection.execute(put_right)]
    households = _whose(connection, changed)
    if not households:
        return
    found = [*_visits_of(connection, households), *changed]
    found.sort(key=lambda entry: entry.seq)
    kept = _kept(connection, [entry.seq for entry in found])
    run_changes(connection, _changes(found, kept))
    lives = (
        sa.select(sa.func.substr(_households.grid, 1, VILLAGE_DIGITS))
        .where(_households.id == _last.household, _households.state == "here")
        .scalar_subquery()
    )
    connection.execute(
        tables.last_visits.update()
        .where(in_codes(_last.household, households, connection.dialect.name))
        .values(center=sa.func.coalesce(lives, ""))
    )


def _whose(connection: sa.Connection, changed: Collection[Entry]) -> set[str]:
    """The households of these entries, as far as rows of sweeps are still somebody's."""
    rows: dict[str, set[int]] = {}
    for entry in changed:
        if entry.data["sweep"] is not None:
            rows.setdefault(entry.data["sweep"], set()).add(entry.data["row"])
    found = {str(entry.data["household"]) for entry in changed if entry.data["sweep"] is None}
    for sweep, numbers in rows.items():
        where = sa.and_(_rows.sweep == sweep, _in(_rows.number, numbers, connection))
        found |= set(connection.execute(sa.select(_rows.household).where(where)).scalars())
    return found


def _visits_of(connection: sa.Connection, households: Collection[str]) -> Iterator[Entry]:
    """All visits of these households, of sweeps or not."""
    dialect = connection.dialect.name
    outside = sa.select(_visits.seq).where(in_codes(_visits.household, households, dialect))
    inside = (
        sa.select(_visits.seq)
        .join(tables.sweep_rows, sa.and_(_rows.sweep == _visits.sweep, _rows.number == _visits.number))
        .where(in_codes(_rows.household, households, dialect))
    )
    query = sa.select(tables.entries).where(_entries.seq.in_(sa.union(outside, inside)))
    return map(entry_of, connection.execute(query).all())


def _kept(connection: sa.Connection, seqs: Collection[int]) -> set[int]:
    """Those of these entries whose answers are not gone."""
    words = tables.visit_words.c
    query = sa.select(words.seq).where(_in(words.seq, seqs, connection))
    return set(connection.execute(query).scalars())


def _in(column: Any, numbers: Collection[int], connection: sa.Connection) -> sa.ColumnElement[bool]:
    return in_listed(column, sa.literal(json.dumps(sorted(numbers)), sa.Text), connection.dialect.name)


def _changes(found: Collection[Entry], kept: Collection[int]) -> Iterator[Change]:
    for entry in found:
        if entry.data.get("commitment") is not None and entry.seq not in kept:
            # what was answered is gone, and what it gave reason to look at with it
            entry = replace(entry, data={**entry.data, "flags": []})
        yield from last_visit(entry)
