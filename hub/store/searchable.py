"""What of an entry is found by its words, and whether all who see its meeting may read it."""

from __future__ import annotations

from collections.abc import Iterator

from hub.clock import to_wire
from hub.entry import EVERYONE_IN_MEETING, Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change


def is_shared(entry: Entry) -> bool:
    """Whether all who see the meeting may read the entry."""
    return entry.meeting is not None and EVERYONE_IN_MEETING in entry.audience


def searchable(entry: Entry, text: str) -> Iterator[Change]:
    """The row by which an entry of a meeting is found; none without a text."""
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
