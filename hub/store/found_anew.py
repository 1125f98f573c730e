"""What is found by its words, made from all entries anew: after a step that changed the shape of those rows."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from hub.store import tables
from hub.store.bulk import Change, run_changes
from hub.store.rows import all_rows, entry_of
from hub.store.searchable import searchable
from hub.store.span_rows import spans


def find_anew(connection: sa.Connection) -> None:
    """Fill `texts` with its index and `spans`, in the caller's transaction.

    What cannot be read is found by nothing; verification names it.
    """
    connection.execute(tables.texts.delete())
    connection.execute(tables.spans.delete())
    tables.texts_index.clear(connection)
    run_changes(connection, _changes(connection))


def _changes(connection: sa.Connection) -> Iterator[Change]:
    for row in all_rows(connection):
        try:
            entry = entry_of(row)
            yield from [*searchable(entry), *spans(entry)]
        except (KeyError, TypeError, ValueError):
            continue
