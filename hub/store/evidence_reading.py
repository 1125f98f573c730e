"""Reading what an evidence bundle is made of: one meeting's entries, the hashes of all, checkpoints, recorded parts."""

from __future__ import annotations

import sqlalchemy as sa

from hub.evidence.bundle import AFTER, NEWEST, OTHERS, Material, Placed, Recorded
from hub.journal.ports import Checkpoint
from hub.store import tables
from hub.store.meeting_reading import seen_meeting
from hub.store.rows import checkpoint_of, entry_of
from hub.store.sight import Sight


def evidence_material(connection: sa.Connection, sight: Sight, meeting: str) -> Material | None:
    """All that the bundle of a meeting rests on; None where the meeting does not exist for this account.

    What the account may not read comes along: only its hash leaves the hub. Memory: some 150 bytes for each entry of the
    journal.
    """
    row = seen_meeting(connection, sight, meeting)
    if row is None:
        return None
    entries, parts, recordings = tables.entries, tables.parts.c, tables.recordings.c
    hashes: list[str] = []
    places: dict[int, int] = {}
    query = sa.select(entries.c.seq, entries.c.hash, entries.c.meeting).order_by(entries.c.seq)
    for each in connection.execute(query, execution_options={"yield_per": 20_000}):
        if each.meeting == meeting:
            places[each.seq] = len(hashes)
        hashes.append(each.hash)
    own = sa.select(entries).where(entries.c.meeting == meeting).order_by(entries.c.seq)
    placed = [
        Placed(places[entry.seq], entry, sight.reads(entry.kind, entry.audience, True))
        for entry in map(entry_of, connection.execute(own))
    ]
    of_meeting = (
        sa.select(tables.parts)
        .join(tables.recordings, recordings.id == parts.recording)
        .where(recordings.meeting == meeting)
        .order_by(parts.seq)
    )
    return Material(
        meeting,
        row.title,
        hashes,
        placed,
        _checkpoints(connection, placed[-1].index if placed else 0),
        [
            Recorded(
                each.recording,
                each.id,
                each.name,
                each.file,
                each.started_at,
                each.duration_ms,
                each.bytes,
                each.sha256,
                each.released_at is not None,
                each.destroyed,
            )
            for each in connection.execute(of_meeting)
        ],
    )


def _checkpoints(connection: sa.Connection, last: int) -> list[Checkpoint]:
    """Those with a root, by size: the newest, the first that cover the entry at `last`, and some from all over."""
    signed = tables.checkpoints
    whole = sa.select(signed).where(signed.c.root.is_not(None))
    count = connection.execute(sa.select(sa.func.count()).select_from(whole.subquery())).scalar_one()
    number = sa.func.row_number().over(order_by=signed.c.seq).label("number")
    numbered = sa.select(signed.c.seq, number).where(signed.c.root.is_not(None)).subquery()
    some = sa.select(numbered.c.seq).where(numbered.c.number % max(1, count // OTHERS) == 0)
    queries = (
        whole.order_by(signed.c.seq.desc()).limit(NEWEST),
        whole.where(signed.c.size > last).order_by(signed.c.seq).limit(AFTER),
        whole.where(signed.c.seq.in_(some)),
    )
    found = {row.seq: row for query in queries for row in connection.execute(query)}
    return [checkpoint_of(found[seq]) for seq in sorted(found)]
