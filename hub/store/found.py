"""Words of entries that a search of meetings finds."""

from __future__ import annotations

from collections.abc import Iterator

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change


def searchable(entry: Entry, text: str) -> Iterator[Change]:
    """The row by which these words of an entry of a meeting are found; none where there is no meeting or no word."""
    if entry.meeting is not None and text:
        yield (
            tables.texts,
            {
                "seq": entry.seq,
                "meeting": entry.meeting,
                "kind": entry.kind,
                "at": to_wire(entry.at),
                "text": text,
                "audience": json_text(entry.audience),
            },
        )
