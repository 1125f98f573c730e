"""What the hub keeps takes room: recordings, objects, the journal; how much, since when, and how fast it grows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hub.store import tables

Json = dict[str, Any]


def storage_figures(connection: sa.Connection, lately: str) -> Json:
    """Bytes, how many, the oldest of each; and what came since `lately` (as on the wire)."""
    parts, objects, entries = tables.parts.c, tables.objects.c, tables.entries.c
    return {
        "recordings": _kept(connection, parts.bytes, parts.started_at, lately, parts.destroyed.is_(None)),
        "objects": _kept(connection, objects.bytes, objects.created_at, lately),
        "journal": {
            "bytes": _database_bytes(connection),
            "count": connection.execute(sa.select(sa.func.max(entries.seq))).scalar() or 0,
            "oldest_at": connection.execute(sa.select(entries.at).order_by(entries.seq).limit(1)).scalar(),
        },
    }


def _kept(connection: sa.Connection, size: Any, at: Any, lately: str, there: Any = None) -> Json:
    total = sa.func.coalesce(sa.func.sum(size), 0)
    kept = sa.true() if there is None else there
    count, all_bytes, oldest = connection.execute(
        sa.select(sa.func.count(), total, sa.func.min(at)).where(kept)
    ).one()
    came = connection.execute(sa.select(total).where(at >= lately, kept)).scalar() or 0
    return {"count": int(count), "bytes": int(all_bytes), "oldest_at": oldest, "lately_bytes": int(came)}


def _database_bytes(connection: sa.Connection) -> int:
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        return int(pages * (connection.exec_driver_sql("PRAGMA page_size").scalar() or 0))
    return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar() or 0)
