"""What entries tell of cameras: which ones they are, and how they are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

import sqlalchemy as sa

from hub.entry import Entry
from hub.ids import is_id
from hub.store import tables
from hub.store.bulk import Change
from hub.store.rows import entry_of
from hub.store.sight import Sight

Json = dict[str, Any]

#: Entries that are read at once while those are looked for that the account may read.
_AT_ONCE: Final = 200
#: Most that are looked through for one page: what lies further back of what one may not read is not waited for.
_MOST_LOOKED: Final = 4000


def told_of(entry: Entry) -> Iterator[Change]:
    """A row for each camera that the entry names: in its field `camera`, or in each of its `looks`."""
    named = [entry.data.get("camera"), *(each.get("camera") for each in _looks(entry))]
    for camera in dict.fromkeys(named):
        if isinstance(camera, str) and is_id(camera, "ca"):
            yield tables.camera_entries, {"camera": camera, "seq": entry.seq, "kind": entry.kind}


def _looks(entry: Entry) -> list[Any]:
    looks = entry.data.get("looks", ())
    return [each for each in looks if isinstance(each, dict)] if isinstance(looks, list) else []


def camera_entries(
    connection: sa.Connection,
    sight: Sight,
    camera: str,
    kinds: Collection[str],
    before: int | None,
    limit: int,
) -> Json:
    """``{"entries", "next"}``: what tells of a camera and the account may read, of these kinds (none: of all), newest first."""
    named, entries = tables.camera_entries.c, tables.entries.c
    wanted = [named.camera == camera, sight.told_of(entries.meeting)]
    if kinds:
        wanted.append(named.kind.in_(sorted(kinds)))
    found: list[Json] = []
    looked = 0
    while len(found) <= limit and looked < _MOST_LOOKED:
        query = (
            sa.select(tables.entries)
            .join(tables.camera_entries, named.seq == entries.seq)
            .where(*wanted, *([] if before is None else [named.seq < before]))
            .order_by(named.seq.desc())
            .limit(_AT_ONCE)
        )
        rows = connection.execute(query).all()
        looked += len(rows)
        for entry in map(entry_of, rows):
            if sight.reads(entry.kind, entry.audience, False):
                found.append(entry.to_wire())
        if len(rows) < _AT_ONCE:
            break
        before = rows[-1].seq
    page = found[:limit]
    return {"entries": page, "next": page[-1]["seq"] if len(found) > limit else None}
