"""Reading what an evidence bundle is made of: one meeting's entries, the hashes of all, checkpoints, recorded parts."""

from __future__ import annotations

import sqlalchemy as sa

from hub.evidence.bundle import Material, Placed, Recorded
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
    signed = tables.checkpoints.c
    with_root = sa.select(tables.checkpoints).where(signed.root.is_not(None)).order_by(signed.size)
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
        [checkpoint_of(each) for each in connection.execute(with_root)],
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
            )
            for each in connection.execute(of_meeting)
        ],
    )
